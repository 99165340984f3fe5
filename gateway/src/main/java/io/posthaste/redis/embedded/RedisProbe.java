package io.posthaste.redis.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks whoever listens on a loopback port a few questions, before there is a client.
 *
 * @param password told first; a server without one answers all the same
 */
record RedisProbe(int port, String password) {
    private static final int TIMEOUT_MILLIS = 500;
    private static final int MAX_ANSWER = 64 * 1024;
    private static final Pattern PROCESS = Pattern.compile("\nprocess_id:(\\d+)");
    private static final Pattern DIRECTORY = Pattern.compile("\\$3\r\ndir\r\n\\$\\d+\r\n([^\r]*)\r\n");

    /** Which Redis it is: its process and the directory it writes to. */
    record Identity(long pid, Path directory) {}

    /** Whether a connection is taken. */
    static boolean isTaken(int port) {
        try (Socket socket = connect(port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether a Redis there answers commands; one that still loads its data does not yet. */
    boolean isReady() {
        return ask("PING").startsWith("+PONG");
    }

    boolean isLoading() {
        return ask("PING").startsWith("-LOADING");
    }

    /** Empty when nothing listens there, or nothing that answers as a Redis with this password or none does. */
    Optional<Identity> identify() {
        String answer = ask("INFO server\r\nCONFIG GET dir");
        Matcher process = PROCESS.matcher(answer);
        Matcher directory = DIRECTORY.matcher(answer);
        return process.find() && directory.find()
                ? Optional.of(new Identity(Long.parseLong(process.group(1)), Path.of(directory.group(1))))
                : Optional.empty();
    }

    /** The raw answers to inline commands, empty when there are none in half a second. */
    String ask(String commands) {
        try (Socket socket = connect(port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            String all = "AUTH " + password + "\r\n" + commands + "\r\nQUIT\r\n";
            socket.getOutputStream().write(all.getBytes(StandardCharsets.UTF_8));
            String answers = new String(socket.getInputStream().readNBytes(MAX_ANSWER), StandardCharsets.UTF_8);
            return answers.substring(answers.indexOf('\n') + 1); // The first is that to the password.
        } catch (IOException e) {
            return "";
        }
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket();
        socket.connect(
                new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), TIMEOUT_MILLIS);
        return socket;
    }
}
