package io.posthaste.admin;

import io.posthaste.job.Header;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The dashboard's files: a fixed table from path to class-path resource, nothing is ever joined to a path (ADM-8). They
 * hold no data, so they are open to all and a browser may keep them, as long as it asks whether they are current.
 */
final class Dashboard {
    static final List<String> FILES = List.of(
            "index.html",
            "style.css",
            "icon.svg",
            "app.js",
            "actions.js",
            "api.js",
            "charts.js",
            "composer.js",
            "deliveries.js",
            "diff.js",
            "drafts.js",
            "editor.js",
            "format.js",
            "keys.js",
            "live.js",
            "now.js",
            "parts.js",
            "people.js",
            "quarantine.js",
            "reporting.js",
            "request.js",
            "retry.js",
            "secrets.js",
            "snippets.js",
            "versions.js",
            "vendor/ui.js",
            "vendor/chart.js",
            "vendor/chart.css",
            "vendor/editor.js",
            "vendor/LICENSES.txt");

    private final Scheduler work;

    /** A file as it is sent, made when it is first asked for. */
    private record Asset(String contentType, String tag, byte[] plain, byte[] packed) {}

    /** @param work where resources are read and packed */
    Dashboard(Scheduler work) {
        this.work = work;
    }

    List<Route> routes() {
        return Stream.concat(
                        Stream.of(route("/", "index.html")),
                        FILES.stream().map(file -> route("/dashboard/" + file, file)))
                .toList();
    }

    private Route route(String path, String file) {
        Mono<Asset> asset =
                Mono.fromCallable(() -> load(file)).subscribeOn(work).cache();
        return Route.of("GET", path, Access.OPEN, call -> asset.map(loaded -> answer(call, loaded)));
    }

    private static Answer answer(Call call, Asset asset) {
        boolean current = header(call, "If-None-Match").contains(asset.tag);
        boolean packs = header(call, "Accept-Encoding").contains("gzip");
        Answer answer = current
                ? Answer.empty(304)
                : new Answer(200, asset.contentType, List.of(), packs ? asset.packed : asset.plain);
        Answer cacheable =
                answer.with("ETag", asset.tag).with("Cache-Control", "no-cache").with("Vary", "Accept-Encoding");
        return packs && !current ? cacheable.with("Content-Encoding", "gzip") : cacheable;
    }

    private static String header(Call call, String name) {
        return call.headers().stream()
                .filter(header -> header.name().equalsIgnoreCase(name))
                .map(Header::value)
                .findFirst()
                .orElse("");
    }

    private static Asset load(String file) {
        try (InputStream in = Dashboard.class.getResourceAsStream("/dashboard/" + file)) {
            byte[] plain = Objects.requireNonNull(in, file).readAllBytes();
            return new Asset(contentType(file), tag(plain), plain, gzip(plain));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String contentType(String file) {
        return switch (file.substring(file.lastIndexOf('.') + 1)) {
            case "html" -> "text/html; charset=utf-8";
            case "css" -> "text/css; charset=utf-8";
            case "js" -> "text/javascript; charset=utf-8";
            case "svg" -> "image/svg+xml";
            default -> "text/plain; charset=utf-8";
        };
    }

    private static String tag(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return '"' + HexFormat.of().formatHex(digest, 0, 12) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(content);
        }
        return packed.toByteArray();
    }
}
