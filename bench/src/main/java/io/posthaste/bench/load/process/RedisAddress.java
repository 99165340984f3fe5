package io.posthaste.bench.load.process;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a Redis is.
 *
 * @param password null for none
 */
public record RedisAddress(
        String host,
        int port,
        @Nullable String user,
        @Nullable String password,
        int database) {
    /** Reads {@code redis://[user:password@]host[:port][/database]}. */
    public static RedisAddress parse(String uri) {
        URI parsed = URI.create(uri);
        if (!"redis".equals(parsed.getScheme()) || parsed.getHost() == null) {
            throw new LoadException("--redis " + uri + ": give redis://[user:password@]host[:port][/database]");
        }
        String info = parsed.getUserInfo() == null ? "" : parsed.getUserInfo();
        List<String> login = List.of(info.split(":", 2));
        String path = parsed.getPath() == null ? "" : parsed.getPath().replace("/", "");
        return new RedisAddress(
                parsed.getHost(),
                parsed.getPort() < 0 ? 6379 : parsed.getPort(),
                login.get(0).isEmpty() ? null : login.get(0),
                login.size() > 1 ? login.get(1) : null,
                path.isEmpty() ? 0 : Integer.parseInt(path));
    }

    public static RedisAddress local(int port) {
        return new RedisAddress("127.0.0.1", port, null, null, 0);
    }

    /** As the gateway is told. */
    public String uri() {
        String login = password == null ? "" : (user == null ? "" : user) + ":" + password + "@";
        return "redis://" + login + host + ":" + port + (database == 0 ? "" : "/" + database);
    }
}
