package io.posthaste.bench.load.drive;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.posthaste.bench.load.process.RedisConnection;
import java.util.ArrayList;
import java.util.List;

/**
 * The {@code XADD} of every job, encoded once per shard, action and person; a job only writes its number and due time into
 * a copy. So the producer's own cost is a copy of some hundred bytes and its share of a system call.
 */
public final class Frames implements Commands {
    private static final String AT = "0000000000000";

    private final List<List<List<Frame>>> byShard = new ArrayList<>();
    private final boolean timed;

    /**
     * @param run prefix of all ids of the run
     * @param inboxes of the shards, which take turns
     */
    public Frames(String run, Workload workload, List<String> inboxes) {
        this.timed = workload.dueMillis() > 0;
        List<String> people = workload.people();
        for (String inbox : inboxes) {
            List<List<Frame>> byAction = new ArrayList<>();
            for (int action = 0; action < workload.actions(); action++) {
                List<Frame> frames = new ArrayList<>();
                for (String data : people) {
                    frames.add(frame(inbox, run, Workload.actionId(action), data));
                }
                byAction.add(frames);
            }
            byShard.add(byAction);
        }
    }

    @Override
    public int write(int number, long dueMillis, byte[] out, int at) {
        List<List<Frame>> byAction = byShard.get(number / byShard.getFirst().size() % byShard.size());
        List<Frame> frames = byAction.get(number % byAction.size());
        return frames.get(number / byAction.size() % frames.size()).write(number, dueMillis, out, at);
    }

    private Frame frame(String inbox, String run, String action, String data) {
        List<String> words = new ArrayList<>(List.of("XADD", inbox, "*", "v", "1", "id", run + "-" + Templates.NUMBER));
        words.addAll(List.of("action", action));
        if (timed) {
            words.addAll(List.of("at", AT));
        }
        words.addAll(List.of("data", data));
        return new Frame(
                RedisConnection.encode(
                        words.stream().map(word -> word.getBytes(UTF_8)).toList()),
                timed);
    }

    /** One encoded command and where its numbers go. */
    private static final class Frame {
        private final byte[] bytes;
        private final List<Integer> numberAt = new ArrayList<>();
        private final int timeAt;

        Frame(byte[] bytes, boolean timed) {
            this.bytes = bytes;
            String text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
            this.timeAt = timed ? text.indexOf("\r\n" + AT + "\r\n") + 2 : -1;
            for (String place : List.of("-" + Templates.NUMBER, "\"" + Templates.NUMBER + "\"")) {
                int at = text.indexOf(place);
                if (at >= 0) {
                    numberAt.add(at + 1);
                }
            }
        }

        int write(int number, long dueMillis, byte[] out, int at) {
            if (at + bytes.length > out.length) {
                return -1;
            }
            System.arraycopy(bytes, 0, out, at, bytes.length);
            for (int place : numberAt) {
                digits(number, Templates.NUMBER.length(), out, at + place);
            }
            if (timeAt >= 0) {
                digits(dueMillis, AT.length(), out, at + timeAt);
            }
            return at + bytes.length;
        }

        private static void digits(long number, int count, byte[] out, int at) {
            long left = number;
            for (int i = count - 1; i >= 0; i--) {
                out[at + i] = (byte) ('0' + left % 10);
                left /= 10;
            }
        }
    }

    static byte[] prefix(String run) {
        return (run + "-").getBytes(US_ASCII);
    }
}
