package io.posthaste.store.host;

import io.lettuce.core.protocol.CommandType;
import io.posthaste.redis.RedisKeys;
import io.posthaste.redis.RedisLink;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** Where each gateway writes what it knows of hosts, and reads what the others do. */
public final class HostBoard {
    /** Bytes of one gateway's word; what somebody else made longer is not read to its end. */
    public static final int LONGEST = 128 << 10;

    /** How long it stands: of a gateway that is gone nothing is told. */
    private static final Duration STANDS = Duration.ofSeconds(15);

    private final RedisLink redis;
    private final RedisKeys keys;

    public HostBoard(RedisLink redis, RedisKeys keys) {
        this.redis = redis;
        this.keys = keys;
    }

    /** Replaces what this gateway said before. */
    public Mono<Void> write(String gateway, byte[] word) {
        return Mono.fromCompletionStage(
                        () -> redis.send(CommandType.SET, keys.hosts(gateway), word, "PX", STANDS.toMillis()))
                .then();
    }

    /** Empty when it said nothing lately. */
    public Mono<byte[]> read(String gateway) {
        return Mono.fromCompletionStage(() -> redis.send(CommandType.GETRANGE, keys.hosts(gateway), 0, LONGEST - 1))
                .filter(reply -> reply instanceof byte[] word && word.length > 0)
                .map(reply -> (byte[]) reply);
    }
}
