import io.lettuce.core.RedisClient;
import java.util.Map;
import java.util.zip.CRC32;

/** Enqueues one job: {@code java -cp lettuce… Producer.java URL ID ACTION DATA}. For a cluster: RedisClusterClient. */
public class Producer {
    public static void main(String[] args) {
        try (RedisClient client = RedisClient.create(args[0])) {
            var redis = client.connect().sync();
            String[] tags = redis.hget("posthaste:meta", "tags").split(",");
            CRC32 crc = new CRC32();
            crc.update(args[1].getBytes(java.nio.charset.StandardCharsets.UTF_8));
            String inbox = "posthaste:{" + tags[(int) (crc.getValue() % tags.length)] + "}:inbox";
            System.out.println(redis.xadd(inbox, Map.of("v", "1", "id", args[1], "action", args[2], "data", args[3])));
        }
    }
}
