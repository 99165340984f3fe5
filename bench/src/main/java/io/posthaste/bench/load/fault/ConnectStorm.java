package io.posthaste.bench.load.fault;

import com.sun.net.httpserver.HttpServer;
import io.posthaste.bench.load.drive.Workload;
import io.posthaste.bench.load.process.RedisConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** A host's accept queue is full: connects to it are not answered at all. Then it takes what comes. */
final class ConnectStorm implements Scenario {
    /** An address of this machine on which nothing else listens. */
    public static final String ADDRESS = "127.2.0.1";

    private static final int TIMEOUT_MILLIS = 1_000;
    private static final int MOST_WAITING = 64;

    @Override
    public String name() {
        return "connect-storm";
    }

    @Override
    public Verdict play(Stage stage) throws IOException {
        int jobs = stage.script().times(20_000, 1_000);
        long before = stage.shard().refused();
        // It listens from now on, and accepts once it is started.
        HttpServer host = HttpServer.create(new InetSocketAddress(InetAddress.getByName(ADDRESS), 0), 1);
        host.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        InetSocketAddress address = host.getAddress();
        List<Socket> waiting = fill(address);
        try {
            String url = "http://" + ADDRESS + ":" + address.getPort() + "/";
            String retry = Workload.retry(TIMEOUT_MILLIS, "500" + ", 2000".repeat(40));
            Side lane = Side.put(stage, "storm", url, "{{ n }}", retry);
            Beside beside = Beside.play(name(), stage, number -> true, new Beside.Trouble() {
                @Override
                public void begin() throws IOException {
                    enqueue(stage, lane, jobs);
                }

                @Override
                public void end() throws IOException {
                    host.start();
                    for (Socket socket : waiting) {
                        socket.close();
                    }
                }
            });
            long refused = stage.shard().refused() - before;
            return beside.verdict(
                    refused == 0,
                    "; %,d jobs for a host with %d connections unaccepted, failed %d"
                            .formatted(jobs, waiting.size(), refused));
        } finally {
            host.stop(0);
        }
    }

    private static void enqueue(Stage stage, Side lane, int jobs) throws IOException {
        try (RedisConnection redis = RedisConnection.open(stage.redis().address())) {
            for (int job = 0; job < jobs; job++) {
                lane.enqueue(redis, ADDRESS);
            }
        }
    }

    /** Connects until the queue takes no more. */
    private static List<Socket> fill(InetSocketAddress address) throws IOException {
        List<Socket> waiting = new ArrayList<>();
        while (waiting.size() < MOST_WAITING) {
            Socket socket = new Socket();
            try {
                socket.connect(address, 200);
                waiting.add(socket);
            } catch (SocketTimeoutException full) {
                socket.close();
                break;
            }
        }
        return waiting;
    }
}
