package io.posthaste.send;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Turns the credentials of a URL into basic authentication (M7 to M9). */
final class Credentials {
    private Credentials() {}

    /**
     * @param userinfo what stands before the {@code @}, every percent sign followed by two hex digits
     * @return the value of {@code Authorization}, or null when both user and password are empty
     */
    static @Nullable String basic(String userinfo) {
        int colon = userinfo.indexOf(':');
        String user = colon < 0 ? userinfo : userinfo.substring(0, colon);
        String password = colon < 0 ? "" : userinfo.substring(colon + 1);
        if (user.isEmpty() && password.isEmpty()) {
            return null;
        }
        var pair = new ByteArrayOutputStream(userinfo.length() + 1);
        decode(user, pair);
        pair.write(':');
        decode(password, pair);
        return "Basic " + Base64.getEncoder().encodeToString(pair.toByteArray());
    }

    private static void decode(String text, ByteArrayOutputStream into) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < utf8.length; i++) {
            if (utf8[i] == '%') {
                into.write(Character.digit(utf8[i + 1], 16) << 4 | Character.digit(utf8[i + 2], 16));
                i += 2;
            } else {
                into.write(utf8[i]);
            }
        }
    }
}
