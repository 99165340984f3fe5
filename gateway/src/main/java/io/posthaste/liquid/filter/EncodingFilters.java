package io.posthaste.liquid.filter;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.posthaste.liquid.value.RenderException;
import io.posthaste.liquid.value.Values;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;
import java.util.Map;

/** Filters that make a text safe for HTML, XML or a URL, and back. */
final class EncodingFilters {
    private static final String UNRESERVED = "-_.~";
    private static final String RESERVED = UNRESERVED + ";/?:@&=+$,#!*'()[]";

    private EncodingFilters() {}

    static void register(Map<String, FilterShape> to) {
        to.put("escape", FilterShape.of((in, args, context) -> escaped(in, false, context), 0, 0));
        to.put("xml_escape", FilterShape.of((in, args, context) -> escaped(in, false, context), 0, 0));
        to.put("escape_once", FilterShape.of((in, args, context) -> escaped(in, true, context), 0, 0));
        to.put("url_encode", FilterShape.of((in, args, context) -> percent(in, UNRESERVED, "+", context), 0, 0));
        to.put("cgi_escape", FilterShape.of((in, args, context) -> percent(in, UNRESERVED, "+", context), 0, 0));
        to.put("uri_escape", FilterShape.of((in, args, context) -> percent(in, RESERVED, "%20", context), 0, 0));
        to.put("url_decode", FilterShape.of((in, args, context) -> decoded(Values.text(in)), 0, 0));
        Filter encode =
                (in, args, context) -> context.budget().text(Base64.getEncoder().encodeToString(bytes(in)));
        to.put("base64", FilterShape.of(encode, 0, 0));
        to.put("base64_encode", FilterShape.of(encode, 0, 0));
        to.put("base64_decode", FilterShape.of((in, args, context) -> plain(Base64.getDecoder(), in), 0, 0));
        to.put(
                "base64_url_safe_encode",
                FilterShape.of(
                        (in, args, context) ->
                                context.budget().text(Base64.getUrlEncoder().encodeToString(bytes(in))),
                        0,
                        0));
        to.put(
                "base64_url_safe_decode",
                FilterShape.of((in, args, context) -> plain(Base64.getUrlDecoder(), in), 0, 0));
    }

    static byte[] bytes(Object value) {
        return Values.text(value).getBytes(UTF_8);
    }

    private static String plain(Base64.Decoder decoder, Object input) {
        try {
            return new String(decoder.decode(Values.text(input)), UTF_8);
        } catch (IllegalArgumentException e) {
            throw new RenderException("the text is not valid base64");
        }
    }

    private static String escaped(Object input, boolean once, FilterContext context) {
        String text = Values.text(input);
        TextBuilder out = new TextBuilder(context.budget(), text.length() + 16);
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            String entity = entity(text.charAt(i));
            if (entity == null || (once && isEntity(text, i))) {
                continue;
            }
            out.add(text, start, i).add(entity);
            start = i + 1;
        }
        return out.add(text, start, text.length()).done();
    }

    private static @org.jspecify.annotations.Nullable String entity(char c) {
        return switch (c) {
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            case '"' -> "&#34;";
            case '\'' -> "&#39;";
            default -> null;
        };
    }

    /** Whether an entity is written there already; none is longer than 32 characters. */
    private static boolean isEntity(String text, int at) {
        if (text.charAt(at) != '&') {
            return false;
        }
        boolean number = at + 1 < text.length() && text.charAt(at + 1) == '#';
        int start = number ? at + 2 : at + 1;
        int i = start;
        while (i < text.length() && i < at + 32 && isEntityPart(text.charAt(i), number)) {
            i++;
        }
        return i > start && i < text.length() && text.charAt(i) == ';';
    }

    private static boolean isEntityPart(char c, boolean number) {
        return number ? c >= '0' && c <= '9' : (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static String percent(Object input, String kept, String space, FilterContext context) {
        TextBuilder out = new TextBuilder(context.budget(), 64);
        for (byte b : bytes(input)) {
            char c = (char) (b & 0xFF);
            if (c == ' ') {
                out.add(space);
            } else if (c < 0x80 && (Character.isLetterOrDigit(c) || kept.indexOf(c) >= 0)) {
                out.add(c);
            } else {
                out.add('%').add(hex(c >> 4)).add(hex(c & 0xF));
            }
        }
        return out.done();
    }

    private static char hex(int digit) {
        return "0123456789ABCDEF".charAt(digit);
    }

    private static String decoded(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length());
        byte[] bytes = text.getBytes(UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            int high = i + 2 < bytes.length && bytes[i] == '%' ? Character.digit(bytes[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(bytes[i + 2], 16);
            if (low >= 0) {
                out.write(high << 4 | low);
                i += 2;
            } else {
                out.write(bytes[i] == '+' ? ' ' : bytes[i]);
            }
        }
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(out.toByteArray())).toString();
        } catch (CharacterCodingException e) {
            throw new RenderException("what url_decode makes of the text is not UTF-8");
        }
    }
}
