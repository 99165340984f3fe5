package io.posthaste.http;

import io.posthaste.job.Header;
import java.util.List;

/** What every answer tells a browser: run nothing that is not ours, frame nothing, guess nothing, keep nothing (ADM-6). */
final class SecurityHeaders {
    static final List<Header> ALL = List.of(
            new Header(
                    "Content-Security-Policy",
                    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
                            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
                            + "require-trusted-types-for 'script'"),
            new Header("X-Content-Type-Options", "nosniff"),
            new Header("Referrer-Policy", "no-referrer"),
            new Header("Cross-Origin-Opener-Policy", "same-origin"),
            new Header("Cross-Origin-Resource-Policy", "same-origin"),
            new Header("Cache-Control", "no-store"));

    private SecurityHeaders() {}
}
