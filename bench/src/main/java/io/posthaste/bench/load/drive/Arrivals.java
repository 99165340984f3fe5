package io.posthaste.bench.load.drive;

import io.posthaste.bench.load.process.LoadException;
import io.posthaste.bench.load.process.ReceiverProcess;
import io.posthaste.bench.load.process.RedisAddress;
import io.posthaste.bench.load.process.RedisConnection;
import io.posthaste.bench.load.receiver.ArrivalLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a load test learns what was delivered. Each poll enters into the ledger what came since the last. */
public interface Arrivals {
    void poll(Ledger ledger);

    /** From the built-in receiver: what really arrived, and when. */
    final class AtReceiver implements Arrivals {
        private final ReceiverProcess receiver;

        public AtReceiver(ReceiverProcess receiver) {
            this.receiver = receiver;
        }

        /** Forgets what arrived before now. */
        public void skip() {
            receiver.arrivals();
        }

        @Override
        public void poll(Ledger ledger) {
            ArrivalLog.read(receiver.arrivals(), ledger);
        }
    }

    /** From the results stream, for a receiver that is not ours: what the gateway recorded as sent. */
    final class OnResults implements Arrivals {
        private static final String STREAM = "posthaste:{0}:results";

        private final RedisAddress address;
        private String last = "0-0";

        public OnResults(RedisAddress address) {
            this.address = address;
        }

        @Override
        public void poll(Ledger ledger) {
            try (RedisConnection redis = RedisConnection.open(address)) {
                while (read(redis, ledger) > 0) {
                    // Until there is nothing new.
                }
            } catch (IOException e) {
                throw new LoadException("cannot read " + STREAM + ": " + e.getMessage(), e);
            }
        }

        private int read(RedisConnection redis, Ledger ledger) throws IOException {
            List<?> entries = list(redis.call("XRANGE", STREAM, "(" + last, "+", "COUNT", "2000"));
            for (Object item : entries) {
                List<?> entry = list(item);
                last = String.valueOf(entry.get(0));
                enter(list(entry.get(1)), ledger);
            }
            return entries.size();
        }

        private static void enter(List<?> flat, Ledger ledger) {
            Map<String, String> fields = new java.util.HashMap<>();
            for (int i = 0; i + 1 < flat.size(); i += 2) {
                fields.put(String.valueOf(flat.get(i)), String.valueOf(flat.get(i + 1)));
            }
            if ("sent".equals(fields.get("event"))) {
                byte[] id = fields.getOrDefault("id", "").getBytes(StandardCharsets.ISO_8859_1);
                long micros = Long.parseLong(fields.getOrDefault("at", "0")) * 1000;
                ledger.arrived(micros, 200, 0, id, 0, id.length);
            }
        }

        private static List<?> list(@Nullable Object answer) {
            return answer instanceof List<?> items ? items : List.of();
        }
    }
}
