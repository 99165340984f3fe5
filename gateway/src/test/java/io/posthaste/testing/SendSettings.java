package io.posthaste.testing;

import io.posthaste.config.GatewayConfig;
import java.time.Duration;
import java.util.List;

/** Settings of senders that may dial 127.0.0.1. */
public final class SendSettings {
    private SendSettings() {}

    public static GatewayConfig.Send toLoopback(int maxInFlight, int maxInFlightPerHost, int connectionsPerHost) {
        return new GatewayConfig.Send(
                maxInFlight,
                maxInFlightPerHost,
                connectionsPerHost,
                Duration.ofSeconds(30),
                Duration.ofMinutes(5),
                Duration.ofSeconds(5),
                64 * 1024,
                "X-CIO-",
                List.of("127.0.0.1"),
                List.of(),
                List.of());
    }
}
