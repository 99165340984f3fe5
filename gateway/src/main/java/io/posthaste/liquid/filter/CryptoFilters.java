package io.posthaste.liquid.filter;

import io.posthaste.liquid.value.RenderException;
import io.posthaste.liquid.value.Values;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Digests, as lower-case hexadecimal text. */
final class CryptoFilters {
    private CryptoFilters() {}

    static void register(Map<String, FilterShape> to) {
        to.put("md5", digest("MD5"));
        to.put("sha1", digest("SHA-1"));
        to.put("sha256", digest("SHA-256"));
        to.put("hmac_sha1", hmac("HmacSHA1"));
        to.put("hmac_sha256", hmac("HmacSHA256"));
        to.put("hex_base64", FilterShape.of((input, args, context) -> hexToBase64(Values.text(input)), 0, 0));
    }

    private static FilterShape digest(String algorithm) {
        return FilterShape.of(
                (input, args, context) -> {
                    try {
                        return hex(MessageDigest.getInstance(algorithm).digest(EncodingFilters.bytes(input)));
                    } catch (GeneralSecurityException e) {
                        throw new IllegalStateException(algorithm, e);
                    }
                },
                0,
                0);
    }

    private static FilterShape hmac(String algorithm) {
        return FilterShape.of(
                (input, args, context) -> {
                    byte[] key = EncodingFilters.bytes(args.at(0));
                    if (key.length == 0) {
                        throw new RenderException("the key is empty");
                    }
                    try {
                        Mac mac = Mac.getInstance(algorithm);
                        mac.init(new SecretKeySpec(key, algorithm));
                        return hex(mac.doFinal(EncodingFilters.bytes(input)));
                    } catch (GeneralSecurityException e) {
                        throw new IllegalStateException(algorithm, e);
                    }
                },
                1,
                1);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static String hexToBase64(String hex) {
        try {
            return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
        } catch (IllegalArgumentException e) {
            throw new RenderException("hex_base64 needs pairs of hexadecimal digits");
        }
    }
}
