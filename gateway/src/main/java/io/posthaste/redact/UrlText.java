package io.posthaste.redact;

/**
 * A URL, rendered or still a template, cut where a reader of URLs would cut it. Liquid is looked past: a slash or an at
 * sign inside {@code {{ }}} or {@code {% %}} is no part of the URL.
 *
 * @param scheme with {@code ://}, empty when the text does not begin with a literal one
 * @param userinfo without the {@code @}, empty for none
 * @param host with the port
 * @param rest path, query and fragment
 */
public record UrlText(String scheme, String userinfo, String host, String rest) {

    public static UrlText cut(String url) {
        int colon = url.indexOf("://");
        String scheme = colon > 0 && url.substring(0, colon).matches("[A-Za-z][A-Za-z0-9+.-]*")
                ? url.substring(0, colon + 3)
                : "";
        String plain = blankLiquid(url);
        int start = scheme.length();
        int end = start;
        while (end < plain.length() && "/?#".indexOf(plain.charAt(end)) < 0) {
            end++;
        }
        int at = plain.lastIndexOf('@', end - 1);
        boolean hasUser = at >= start;
        return new UrlText(
                scheme,
                hasUser ? url.substring(start, at) : "",
                url.substring(hasUser ? at + 1 : start, end),
                url.substring(end));
    }

    /** The same text with every character of Liquid replaced by one that means nothing in a URL. */
    private static String blankLiquid(String text) {
        StringBuilder plain = new StringBuilder(text);
        for (LiquidPiece piece : LiquidPiece.of(text)) {
            if (piece.kind() != LiquidPiece.Kind.TEXT) {
                plain.replace(piece.start(), piece.end(), "x".repeat(piece.end() - piece.start()));
            }
        }
        return plain.toString();
    }
}
