package io.posthaste.send;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.proxy.ProxyConnectException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.posthaste.job.NoAnswerCause;
import io.posthaste.send.address.AddressNotPermittedException;
import io.posthaste.send.tls.CertificateRefused;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
    private static final Pattern STATUS = Pattern.compile("status: (\\d{3})");
    private static final int DEEPEST_CAUSE = 8;

    static Diagnosis of(Throwable failure) {
        // The certificate's fault arrives wrapped in a failed handshake, which arrives wrapped in a decoder's failure.
        CertificateRefused refused = find(CertificateRefused.class, failure);
        if (refused != null) {
            return new Diagnosis(NoAnswerCause.CERTIFICATE, String.valueOf(refused.getMessage()));
        }
        if (find(CertificateException.class, failure) != null) {
            return new Diagnosis(NoAnswerCause.CERTIFICATE, "certificate does not verify");
        }
        ProxyConnectException proxy = find(ProxyConnectException.class, failure);
        if (proxy != null) {
            return new Diagnosis(NoAnswerCause.PROXY, "the proxy " + refusal(proxy));
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
            case SSLException e -> ofTls(e);
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

    /** The library has types for none of these; what each side's alert is called, it says in words. */
    private static Diagnosis ofTls(SSLException failure) {
        String said =
                String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT).replace('_', ' ');
        String why = "";
        if (said.contains("protocol version") || said.contains("unsupported protocol")) {
            why = ": the receiver speaks neither TLS 1.2 nor 1.3";
        } else if (said.contains("certificate required") || said.contains("bad certificate")) {
            why = ": the receiver wants a client certificate, or another one";
        } else if (said.contains("unknown ca") || said.contains("certificate unknown")) {
            why = ": the receiver does not know who issued the client certificate";
        } else if (said.contains("certificate expired")) {
            why = ": the client certificate has expired";
        }
        return new Diagnosis(NoAnswerCause.TLS, "TLS handshake failed" + why);
    }

    private static String refusal(ProxyConnectException failure) {
        Matcher status = STATUS.matcher(String.valueOf(failure.getMessage()));
        return status.find() ? "refused: HTTP " + status.group(1) : "did not connect in time";
    }

    /** The same where a proxy was dialled: what could not be reached is the proxy. */
    Diagnosis byProxy() {
        return cause == NoAnswerCause.CONNECT || cause == NoAnswerCause.DNS
                ? new Diagnosis(NoAnswerCause.PROXY, "the proxy was not reached: " + detail)
                : this;
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
