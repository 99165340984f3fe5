package io.posthaste.send;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.posthaste.job.NoAnswerCause;
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
record Diagnosis(NoAnswerCause cause, String detail) {
    private static final Logger log = LoggerFactory.getLogger(Diagnosis.class);
    private static final int DEEPEST_CAUSE = 8;

    static Diagnosis of(Throwable failure) {
        // The certificate's fault arrives wrapped in a failed handshake, which arrives wrapped in a decoder's failure.
        if (find(CertificateException.class, failure) != null) {
            return new Diagnosis(NoAnswerCause.CERTIFICATE, "certificate does not verify");
        }
        if (isOutOfDescriptors(failure)) {
            return new Diagnosis(NoAnswerCause.NO_DESCRIPTOR, "this gateway has too many files open (ulimit -n)");
        }
        return switch (failure) {
            case AddressNotPermittedException e ->
                new Diagnosis(NoAnswerCause.ADDRESS_NOT_PERMITTED, "address_not_permitted");
            case UnknownHostException e -> new Diagnosis(NoAnswerCause.DNS, "dns_error");
            case ConnectTimeoutException e -> new Diagnosis(NoAnswerCause.CONNECT, "no connection in time");
            case ConnectException e -> new Diagnosis(NoAnswerCause.CONNECT, "connection refused");
            case NoRouteToHostException e -> new Diagnosis(NoAnswerCause.CONNECT, "host unreachable");
            case SslHandshakeTimeoutException e ->
                new Diagnosis(NoAnswerCause.TLS, "TLS handshake not finished in time");
            case SSLException e -> new Diagnosis(NoAnswerCause.TLS, "TLS handshake failed");
            case ProtocolViolationException e -> new Diagnosis(NoAnswerCause.PROTOCOL, String.valueOf(e.getMessage()));
            case DecoderException e -> ofDecoder(e);
            case TimeoutException e -> new Diagnosis(NoAnswerCause.TIMEOUT, "no free connection to the host in time");
            case IOException e -> new Diagnosis(NoAnswerCause.RESET, "connection ended before the answer was complete");
            default -> unknown(failure);
        };
    }

    private static Diagnosis ofDecoder(DecoderException failure) {
        SSLException tls = find(SSLException.class, failure);
        return tls == null ? new Diagnosis(NoAnswerCause.PROTOCOL, "malformed response") : of(tls);
    }

    private static Diagnosis unknown(Throwable failure) {
        log.atError().setCause(failure).log("send.unexpected");
        return new Diagnosis(
                NoAnswerCause.RESET, "request failed: " + failure.getClass().getSimpleName());
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
