package io.posthaste.send.peer;

import io.posthaste.digest.Sha256;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a server showed of itself. All of it is its own word, cut where it is long. Times are epoch milliseconds.
 *
 * @param names it is for; {@code more} beyond these
 * @param sha256 of the whole, in hex
 * @param seenAt when it was last shown
 */
public record Certificate(
        String subject,
        String issuer,
        long begins,
        long expires,
        List<String> names,
        int more,
        String sha256,
        long seenAt) {
    /** Names that are kept. */
    static final int MOST_NAMES = 10;

    /** Characters of each text. */
    static final int LONGEST = 200;

    static String fingerprint(X509Certificate certificate) throws CertificateEncodingException {
        return HexFormat.of().formatHex(Sha256.of(certificate.getEncoded()));
    }

    static Certificate of(X509Certificate certificate, String sha256, long now) {
        List<String> names = names(certificate);
        return new Certificate(
                cut(certificate.getSubjectX500Principal().getName()),
                cut(certificate.getIssuerX500Principal().getName()),
                certificate.getNotBefore().toInstant().toEpochMilli(),
                certificate.getNotAfter().toInstant().toEpochMilli(),
                names.stream().limit(MOST_NAMES).map(Certificate::cut).toList(),
                Math.max(0, names.size() - MOST_NAMES),
                sha256,
                now);
    }

    Certificate seen(long now) {
        return new Certificate(subject, issuer, begins, expires, names, more, sha256, now);
    }

    /** Of hosts: names and addresses. */
    private static List<String> names(X509Certificate certificate) {
        try {
            @Nullable Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            return Objects.requireNonNullElse(all, List.<List<?>>of()).stream()
                    .map(name -> name.get(1))
                    .filter(String.class::isInstance)
                    .map(String.class::cast)
                    .toList();
        } catch (CertificateParsingException unreadable) {
            return List.of();
        }
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }
}
