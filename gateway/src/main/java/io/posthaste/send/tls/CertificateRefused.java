package io.posthaste.send.tls;

import java.security.cert.CertificateException;

/** Why a receiver's certificate is not believed, in words that hold nothing of anybody's. */
public final class CertificateRefused extends CertificateException {
    private static final long serialVersionUID = 1;

    CertificateRefused(String reason, Throwable cause) {
        super(reason, cause);
    }

    CertificateRefused(String reason) {
        super(reason);
    }
}
