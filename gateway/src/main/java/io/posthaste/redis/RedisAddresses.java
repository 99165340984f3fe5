package io.posthaste.redis;

import io.lettuce.core.RedisURI;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The setting {@code redis.uri}: one address, or some nodes of a cluster. */
final class RedisAddresses {
    private RedisAddresses() {}

    /**
     * The addresses, in order. What comes before the host of the first, user and password, holds for those that are only
     * {@code host:port}.
     */
    static List<RedisURI> parse(String setting) {
        List<RedisURI> addresses = new ArrayList<>();
        String before = "";
        for (String part : setting.split(",")) {
            String address = part.contains("://") ? part.strip() : before + part.strip();
            addresses.add(one(address));
            before = address.substring(0, Math.max(address.indexOf("://") + 3, address.lastIndexOf('@') + 1));
        }
        return addresses;
    }

    private static RedisURI one(String address) {
        if (!address.startsWith("redis://") && !address.startsWith("rediss://")) {
            throw new UnusableRedisException("redis.uri: must begin with redis:// or rediss:// (or be embedded)");
        }
        try {
            return RedisURI.create(address);
        } catch (IllegalArgumentException e) {
            // The address itself stays out of the message: it may hold a password.
            throw new UnusableRedisException(
                    "redis.uri: not a valid address; expected redis://[user:password@]host:port, of a cluster several with"
                            + " commas between them");
        }
    }

    /** Without user and password. */
    static String shown(List<RedisURI> addresses) {
        return addresses.stream()
                .map(address -> address.getHost() + ":" + address.getPort())
                .collect(Collectors.joining(","));
    }
}
