package io.posthaste.cli;

import io.posthaste.config.ConfigLoader;
import io.posthaste.config.GatewayConfig;
import io.posthaste.config.SecretFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the commands that talk to a running gateway find it, and its token: as the gateway itself is configured. */
final class GatewayAccess {
    @Option(
            names = "--gateway",
            paramLabel = "URL",
            description = "Where the gateway's API is. Default: as configured, or http://127.0.0.1:8080.")
    private @Nullable String gateway;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The gateway's configuration. The token is admin.token, or in admin.token-file.")
    private @Nullable Path file;

    GatewayConfig config(Terminal terminal) {
        return ConfigLoader.load(file, terminal.environment());
    }

    String address(GatewayConfig config) {
        return gateway != null
                ? gateway.replaceFirst("/+$", "")
                : "%s://%s:%d"
                        .formatted(
                                config.admin().tls().hasCertificate() ? "https" : "http",
                                config.admin().host(),
                                config.admin().port());
    }

    ApiClient client(Terminal terminal) {
        return client(config(terminal));
    }

    ApiClient client(GatewayConfig config) {
        return new ApiClient(
                address(config), token(config.admin()), config.admin().tls().certificate());
    }

    private static String token(GatewayConfig.Admin admin) {
        if (admin.token() != null) {
            return admin.token();
        }
        if (Files.notExists(admin.tokenFile())) {
            throw new ApiClient.Unreachable(
                    "no token in %s; run this where the gateway was started, or set POSTHASTE_ADMIN_TOKEN"
                            .formatted(admin.tokenFile()));
        }
        return SecretFile.read(admin.tokenFile());
    }
}
