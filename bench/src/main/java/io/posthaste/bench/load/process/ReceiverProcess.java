package io.posthaste.bench.load.process;

import io.posthaste.bench.load.receiver.Receiver;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The receiver as the load test sees it: a process, an address, and a control port. */
public final class ReceiverProcess implements AutoCloseable {
    /** Each is an entry of its own in a setting: the gateway opens loopback addresses one by one. */
    public static final int MOST_HOSTS = 2_000;

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Pattern READY = Pattern.compile("receiver (\\d+) (\\d+)");

    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(5))
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    private final ChildProcess process;
    private final URI uri;
    private final URI control;
    private volatile long position;

    private ReceiverProcess(ChildProcess process, String scheme, int port, int controlPort) {
        this.process = process;
        this.uri = URI.create(scheme + "://127.0.0.1:" + port);
        this.control = URI.create("http://127.0.0.1:" + controlPort + "/");
    }

    /**
     * How it behaves as a server.
     *
     * @param everyAddress whether it listens on all of this machine's, so that it can be many hosts
     * @param closeIdle after how long without traffic it closes a connection; zero for never
     * @param keys what it speaks TLS with; null for plain HTTP
     * @param http2 whether it offers HTTP/2 within that
     */
    public record Serving(
            boolean everyAddress,
            Duration closeIdle,
            @Nullable ReceiverKeys keys,
            boolean http2) {
        /** Plain HTTP on all addresses. */
        public static final Serving EVERYWHERE = new Serving(true, Duration.ZERO, null, false);
    }

    /** Starts one that checks a sample of signatures against {@code signingKey}. */
    public static ReceiverProcess start(Path work, String signingKey, Serving serving) {
        ReceiverKeys keys = serving.keys();
        List<String> command = JavaCommand.with("-Xmx256m", "-XX:+UseSerialGC", "-cp");
        command.add(System.getProperty("java.class.path"));
        command.addAll(List.of("io.posthaste.bench.load.receiver.Receiver", "0", "0"));
        if (serving.everyAddress()) {
            command.add("every-address");
        }
        if (!serving.closeIdle().isZero()) {
            command.add(Receiver.CLOSE_IDLE + serving.closeIdle().toMillis());
        }
        if (keys != null) {
            command.add(Receiver.TLS + keys.store());
        }
        if (serving.http2()) {
            command.add(Receiver.HTTP2);
        }
        ChildProcess process =
                ChildProcess.start("receiver", command, work, Map.of("RECEIVER_SIGNING_KEY", signingKey));
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (true) {
            Matcher ready = READY.matcher(process.output());
            if (ready.find()) {
                return new ReceiverProcess(
                        process,
                        keys == null ? "http" : "https",
                        Integer.parseInt(ready.group(1)),
                        Integer.parseInt(ready.group(2)));
            }
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new LoadException("the receiver did not start" + process.lastWords());
            }
            LockSupport.parkNanos(10_000_000);
        }
    }

    /** An address at which a receiver listens that listens on all of them. */
    public static String host(int number) {
        return "127.1." + number / 250 + "." + (number % 250 + 1);
    }

    public long pid() {
        return process.pid();
    }

    /** Where it takes requests. */
    public URI uri() {
        return uri;
    }

    /** Arrivals recorded since the last fetch, as {@code ArrivalLog} writes them. For one thread at a time. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // by one thread at a time; volatile hands it to the next
    public byte[] arrivals() {
        byte[] fetched = send(request("arrivals?" + position).GET());
        position += fetched.length;
        return fetched;
    }

    /** Makes {@code path} behave, such as {@code status:503} or {@code hang}; empty for the usual 200. */
    public void behave(String path, String behaviour) {
        send(request("behaviour?" + path).PUT(BodyPublishers.ofString(behaviour)));
    }

    /** Figures by name, as the receiver counts them. */
    public Map<String, Long> stats() {
        Map<String, Long> counters = new TreeMap<>();
        new String(send(request("stats").GET()), StandardCharsets.UTF_8).lines().forEach(line -> {
            List<String> words = List.of(line.split(" "));
            counters.put(words.get(0), Long.parseLong(words.get(1)));
        });
        return counters;
    }

    @Override
    public void close() {
        process.closeInput();
        client.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(control.resolve(path)).timeout(Duration.ofSeconds(20));
    }

    private byte[] send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), BodyHandlers.ofByteArray()).body();
        } catch (IOException e) {
            throw new LoadException("the receiver does not answer" + process.lastWords(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoadException("interrupted", e);
        }
    }
}
