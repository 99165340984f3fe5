package io.posthaste.send;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.posthaste.job.Trouble;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a failure of the network means. The exception's own words never get out: they hold resolved addresses (SSRF-15).
 *
 * @param detail one line for people
 */
record Diagnosis(Trouble cause, String detail) {
    private static final Logger log = LoggerFactory.getLogger(Diagnosis.class);
    private static final int DEEPEST_CAUSE = 8;

    static Diagnosis of(Throwable failure) {
        // The certificate's fault arrives wrapped in a failed handshake, which arrives wrapped in a decoder's failure.
        if (find(CertificateException.class, failure) != null) {
            return new Diagnosis(Trouble.CERTIFICATE, "certificate does not verify");
        }
        if (isOutOfDescriptors(failure)) {
            return new Diagnosis(Trouble.NO_DESCRIPTOR, "this gateway has too many files open (ulimit -n)");
        }
        return switch (failure) {
            case AddressNotPermittedException e ->
                new Diagnosis(Trouble.ADDRESS_NOT_PERMITTED, "address_not_permitted");
            case UnknownHostException e -> new Diagnosis(Trouble.DNS, "dns_error");
            case ConnectTimeoutException e -> new Diagnosis(Trouble.CONNECT, "no connection in time");
            case ConnectException e -> new Diagnosis(Trouble.CONNECT, "connection refused");
            case NoRouteToHostException e -> new Diagnosis(Trouble.CONNECT, "host unreachable");
            case SslHandshakeTimeoutException e -> new Diagnosis(Trouble.TLS, "TLS handshake not finished in time");
            case SSLException e -> new Diagnosis(Trouble.TLS, "TLS handshake failed");
            case ProtocolViolationException e -> new Diagnosis(Trouble.PROTOCOL, String.valueOf(e.getMessage()));
            case DecoderException e -> ofDecoder(e);
            case TimeoutException e -> new Diagnosis(Trouble.TIMEOUT, "no free connection to the host in time");
            case IOException e -> new Diagnosis(Trouble.RESET, "connection ended before the answer was complete");
            default -> unknown(failure);
        };
    }

    private static Diagnosis ofDecoder(DecoderException failure) {
        SSLException tls = find(SSLException.class, failure);
        return tls == null ? new Diagnosis(Trouble.PROTOCOL, "malformed response") : of(tls);
    }

    private static Diagnosis unknown(Throwable failure) {
        log.atError().setCause(failure).log("send.unexpected");
        return new Diagnosis(
                Trouble.RESET, "request failed: " + failure.getClass().getSimpleName());
    }

    /** There is no type for it: every transport says it in words, those of the operating system. */
    private static boolean isOutOfDescriptors(Throwable failure) {
        return causes(failure)
                .anyMatch(cause -> String.valueOf(cause.getMessage()).contains("Too many open files"));
    }

    private static <T extends Throwable> @Nullable T find(Class<T> type, Throwable failure) {
        return causes(failure)
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElse(null);
    }

    /** The failure itself first. */
    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).limit(DEEPEST_CAUSE);
    }
}
