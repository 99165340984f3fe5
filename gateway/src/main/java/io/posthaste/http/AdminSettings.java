package io.posthaste.http;

import io.posthaste.config.GatewayConfig;

/**
 * Where the API listens and whom it lets in.
 *
 * @param bin whether the request bin is served (M88)
 */
public record AdminSettings(GatewayConfig.Admin listen, AccessTokens tokens, boolean bin) {}
