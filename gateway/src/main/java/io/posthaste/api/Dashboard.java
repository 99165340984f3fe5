package io.posthaste.api;

import io.posthaste.http.Access;
import io.posthaste.http.Call;
import io.posthaste.http.Response;
import io.posthaste.http.Route;
import io.posthaste.job.Header;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The dashboard's files: a fixed table from path to class-path resource, nothing is ever joined to a path (ADM-8). They
 * hold no data, so they are open to all. Their paths carry what they are made of: a browser keeps them for good and asks
 * only whether the page itself is current.
 */
final class Dashboard {
    static final String PAGE = "index.html";

    static final List<String> FILES = List.of(
            "style.css",
            "icon.svg",
            "app.js",
            "actions.js",
            "audit.js",
            "api.js",
            "body.js",
            "charts.js",
            "completion.js",
            "composer.js",
            "connections.js",
            "credentials.js",
            "curl.js",
            "data.js",
            "buttons.js",
            "deliveries.js",
            "diff.js",
            "doctor.js",
            "drafts.js",
            "editor.js",
            "fields.js",
            "figures.js",
            "format.js",
            "hosts.js",
            "formbody.js",
            "gallery.js",
            "keys.js",
            "live.js",
            "now.js",
            "parts.js",
            "paste.js",
            "people.js",
            "preview.js",
            "quarantine.js",
            "reporting.js",
            "request.js",
            "retry.js",
            "sample.js",
            "secrets.js",
            "snippets.js",
            "span.js",
            "trial.js",
            "unsaved.js",
            "versions.js",
            "vendor/ui.js",
            "vendor/chart.js",
            "vendor/chart.css",
            "vendor/editor.js",
            "vendor/LICENSES.txt");

    private final Mono<Site> site;

    /**
     * All files as they are sent, made when one is first asked for.
     *
     * @param version a checksum of all of them; part of their paths
     */
    private record Site(String version, Map<String, Asset> assets) {
        Asset asset(String file) {
            return Objects.requireNonNull(assets.get(file), file);
        }
    }

    private record Asset(String contentType, String tag, byte[] plain, byte[] packed) {}

    /** @param work where resources are read and packed */
    Dashboard(Scheduler work) {
        this.site = Mono.fromCallable(Dashboard::load).subscribeOn(work).cache();
    }

    List<Route> routes() {
        Route page = Route.of(
                "GET", "/", Access.OPEN, call -> site.map(loaded -> answer(call, loaded.asset(PAGE), "no-cache")));
        return Stream.concat(Stream.of(page), FILES.stream().map(this::route)).toList();
    }

    private Route route(String file) {
        return Route.of(
                "GET",
                "/dashboard/{version}/" + file,
                Access.OPEN,
                call -> site.map(loaded -> answer(call, loaded.asset(file), keeping(call, loaded))));
    }

    /** While instances are replaced, one may be asked for the files of another: it gives its own, for now. */
    private static String keeping(Call call, Site site) {
        return call.path("version").equals(site.version) ? "max-age=31536000, immutable" : "no-cache";
    }

    private static Response answer(Call call, Asset asset, String keeping) {
        boolean current = header(call, "If-None-Match").contains(asset.tag);
        boolean packs = header(call, "Accept-Encoding").contains("gzip");
        Response answer = current
                ? Response.empty(304)
                : new Response(200, asset.contentType, List.of(), packs ? asset.packed : asset.plain);
        Response cacheable =
                answer.with("ETag", asset.tag).with("Cache-Control", keeping).with("Vary", "Accept-Encoding");
        return packs && !current ? cacheable.with("Content-Encoding", "gzip") : cacheable;
    }

    private static String header(Call call, String name) {
        return call.headers().stream()
                .filter(header -> header.name().equalsIgnoreCase(name))
                .map(Header::value)
                .findFirst()
                .orElse("");
    }

    private static Site load() throws IOException {
        CRC32 all = new CRC32();
        Map<String, Asset> assets = new HashMap<>();
        for (String file : FILES) {
            byte[] content = read(file);
            all.update(content);
            assets.put(file, asset(file, content));
        }
        String version = Long.toHexString(all.getValue());
        String page = new String(read(PAGE), StandardCharsets.UTF_8)
                .replace("\"/dashboard/", "\"/dashboard/" + version + "/");
        assets.put(PAGE, asset(PAGE, page.getBytes(StandardCharsets.UTF_8)));
        return new Site(version, assets);
    }

    private static byte[] read(String file) throws IOException {
        try (InputStream in = Dashboard.class.getResourceAsStream("/dashboard/" + file)) {
            return Objects.requireNonNull(in, file).readAllBytes();
        }
    }

    private static Asset asset(String file, byte[] plain) throws IOException {
        CRC32 sum = new CRC32();
        sum.update(plain);
        return new Asset(contentType(file), '"' + Long.toHexString(sum.getValue()) + '"', plain, gzip(plain));
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

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(content);
        }
        return packed.toByteArray();
    }
}
