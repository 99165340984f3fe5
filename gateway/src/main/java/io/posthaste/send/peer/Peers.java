package io.posthaste.send.peer;

import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What is known of hosts from the connections that were made to them. Only new connections come here, never a request on
 * one that is kept. Of more than {@value #MOST} hosts, those are forgotten that were dialled longest ago; each takes two
 * kilobytes at most. Thread-safe.
 */
public final class Peers {
    public static final int MOST = 2_000;

    private final InstantSource clock;
    private final Map<String, Peer> peers = new LinkedHashMap<>();

    public Peers(InstantSource clock) {
        this.clock = clock;
    }

    /** As {@code Target.hostKey} names them. */
    public synchronized Peer of(String host) {
        return peers.getOrDefault(host, Peer.UNKNOWN);
    }

    /** A server showed this certificate, whatever is thought of it. */
    public void shown(@Nullable String host, int port, X509Certificate certificate) {
        if (host == null || port <= 0) {
            return;
        }
        try {
            String sha256 = Certificate.fingerprint(certificate);
            long now = clock.millis();
            change(key(host, port), peer -> {
                Certificate known = peer.certificate();
                return peer.with(
                        known != null && known.sha256().equals(sha256)
                                ? known.seen(now)
                                : Certificate.of(certificate, sha256, now));
            });
        } catch (CertificateEncodingException unreadable) {
            // Nothing can be told of it; the trust manager refuses it for its own reasons.
        }
    }

    void dialled(String host, SocketAddress address) {
        if (address instanceof InetSocketAddress to && to.getAddress() != null) {
            long now = clock.millis();
            change(host, peer -> peer.dialled(NetUtil.toSocketAddressString(to), now));
        }
    }

    /** Of what was dialled something became, or nothing. */
    void ended(String host, boolean connected) {
        change(host, connected ? Peer::connected : Peer::failed);
    }

    void speaks(String host, String protocol) {
        change(host, peer -> peer.speaks(protocol));
    }

    private synchronized void change(String host, UnaryOperator<Peer> change) {
        Peer known = peers.remove(host);
        peers.put(host, change.apply(known == null ? Peer.UNKNOWN : known));
        if (peers.size() > MOST) {
            Iterator<String> oldest = peers.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** The key of a host that is not dialled by its name: IPv6 addresses in their short form, in brackets. */
    static String key(String host, int port) {
        byte[] octets = NetUtil.createByteArrayFromIpAddressString(host);
        if (octets == null) {
            return host + ':' + port;
        }
        String text = NetUtil.bytesToIpAddress(octets);
        return (text.indexOf(':') < 0 ? text : '[' + text + ']') + ':' + port;
    }

    /** Null for what is no internet address. */
    public static @Nullable String key(@Nullable SocketAddress remote) {
        if (!(remote instanceof InetSocketAddress to)) {
            return null;
        }
        return to.isUnresolved()
                ? key(to.getHostString(), to.getPort())
                : key(NetUtil.toAddressString(to.getAddress()), to.getPort());
    }
}
