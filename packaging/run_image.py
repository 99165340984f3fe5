"""Runs an unpacked image as a container runtime would, and delivers: own root, read-only, nobody's user, no network but loopback.

To be started in namespaces of its own: unshare -n -m /usr/bin/python3 packaging/run_image.py BUNDLE
"""
import fcntl
import http.server
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import urllib.request

TOKEN = "image-test-token-of-at-least-32-characters"
PATIENCE = 60
received = []


def loopback_up():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, 0x8914, struct.pack("16sH14s", b"lo", 0x1 | 0x40, b""))


def mount(*arguments):
    subprocess.run(["mount", *arguments], check=True)


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        received.append((self.headers, self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


def api(method, path, body=None):
    request = urllib.request.Request(
        "http://127.0.0.1:8080" + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": "Bearer " + TOKEN, "Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=5) as answer:
        return json.load(answer)


def until(what, ask):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            if ask():
                return
        except OSError:
            pass
        time.sleep(0.05)
    sys.exit("not within %d s: %s" % (PATIENCE, what))


def main(bundle):
    with open(os.path.join(bundle, "config.json"), encoding="utf-8") as text:
        process = json.load(text)["process"]
    root = os.path.join(bundle, "rootfs")
    loopback_up()
    mount("--bind", root, root)
    mount("-o", "remount,bind,ro", root)
    for place in ("tmp", "data"):
        mount("-t", "tmpfs", "-o", "mode=1777,size=64m", "tmpfs", os.path.join(root, place))
    mount("-t", "proc", "proc", os.path.join(root, "proc"))
    mount("--rbind", "/dev", os.path.join(root, "dev"))
    redis = subprocess.Popen(
        ["redis-server", "--port", "6379", "--save", "", "--appendonly", "yes", "--dir", os.environ["TMPDIR"]],
        stdout=subprocess.DEVNULL)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 9080), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    environment = dict(pair.split("=", 1) for pair in process["env"])
    environment.update(
        POSTHASTE_REDIS_URI="redis://127.0.0.1:6379", POSTHASTE_ADMIN_TOKEN=TOKEN, POSTHASTE_KEYS_SIGNING="s" * 32,
        POSTHASTE_KEYS_REPORTING="r" * 32, POSTHASTE_KEYS_ENCRYPTION="0" * 64, POSTHASTE_SEND_ALLOW_ADDRESSES="127.0.0.1/32",
        POSTHASTE_ADMIN_BEHIND_PROXY="true")
    user = process["user"]
    started = time.monotonic()
    gateway = subprocess.Popen(
        ["chroot", "--userspec=%d:%d" % (user["uid"], user["gid"]), root, *process["args"]], env=environment)
    try:
        until("the gateway is ready", lambda: api("GET", "/readyz")["status"] == "ready")
        ready = time.monotonic() - started
        api("PUT", "/v1/actions/hook", {"url": "http://127.0.0.1:9080/", "body": "{}"})
        api("POST", "/v1/deliveries", {"id": "first", "action": "hook", "data": {"customer": {"id": "1"}}})
        until("the delivery is sent", lambda: api("GET", "/v1/deliveries/first")["state"] == "sent")
        assert received[0][0]["X-CIO-Signature"], "it is signed"
        with open("/proc/%d/status" % gateway.pid, encoding="utf-8") as status:
            assert "Uid:\t%d\t" % user["uid"] in status.read(), "it is nobody's user"
        gateway.send_signal(signal.SIGTERM)
        code = gateway.wait(timeout=PATIENCE)
        assert code == 0, "SIGTERM ended it with %d" % code
        print("ready after %.1f s, delivered, stopped" % ready)
    finally:
        gateway.kill()
        redis.kill()


if __name__ == "__main__":
    main(sys.argv[1])
