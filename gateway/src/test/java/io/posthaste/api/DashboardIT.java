package io.posthaste.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DashboardIT {
    private static final Path FOLDER = Path.of("src/main/resources/dashboard");

    private static RunningApi api;

    @BeforeAll
    static void start() {
        api = new RunningApi();
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @Test
    void theTableOfFilesIsTheFolder() throws IOException {
        try (Stream<Path> found = Files.walk(FOLDER)) {
            List<String> files = found.filter(Files::isRegularFile)
                    .map(file -> FOLDER.relativize(file).toString())
                    .filter(file -> !file.equals(Dashboard.PAGE))
                    .toList();

            assertThat(Dashboard.FILES).containsExactlyInAnyOrderElementsOf(files);
        }
    }

    @Test
    void thePageIsOpenToAllAndLetsNothingElseRun() {
        var page = api.call("GET", "/", "", null);

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("content-type")).isEqualTo("text/html; charset=utf-8");
        assertThat(page.header("content-security-policy"))
                .contains("default-src 'none'", "script-src 'self'", "require-trusted-types-for 'script'");
        assertThat(page.response().body()).doesNotContain("<script>", "style=", "onload", "http://", "https://");
    }

    @ParameterizedTest
    @CsvSource({
        "app.js,text/javascript; charset=utf-8",
        "style.css,text/css; charset=utf-8",
        "icon.svg,image/svg+xml",
        "vendor/LICENSES.txt,text/plain; charset=utf-8",
    })
    void filesHaveTheirType(String file, String type) {
        assertThat(api.call("GET", "/dashboard/any/" + file, "", null).header("content-type"))
                .isEqualTo(type);
    }

    @Test
    void aFileIsPackedForThoseWhoCanUnpackIt() throws IOException, InterruptedException {
        HttpResponse<byte[]> packed = get("/dashboard/any/vendor/ui.js", "Accept-Encoding", "br, gzip");

        assertThat(packed.headers().firstValue("content-encoding")).contains("gzip");
        assertThat(packed.headers().firstValue("vary")).contains("Accept-Encoding");
        try (GZIPInputStream unpacked = new GZIPInputStream(new java.io.ByteArrayInputStream(packed.body()))) {
            assertThat(unpacked.readAllBytes()).isEqualTo(Files.readAllBytes(FOLDER.resolve("vendor/ui.js")));
        }
        assertThat(get("/dashboard/any/vendor/ui.js", "X-Other", "gzip")
                        .headers()
                        .map())
                .doesNotContainKey("content-encoding");
    }

    @Test
    void aPageThatTheBrowserHasIsNotSentAgain() throws IOException, InterruptedException {
        var page = api.call("GET", "/", "", null);

        HttpResponse<byte[]> again = get("/", "If-None-Match", page.header("etag"));

        assertThat(page.header("cache-control")).isEqualTo("no-cache");
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(get("/", "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
    }

    @Test
    void whatThePageNamesIsKeptForGoodAndNothingElse() {
        List<String> named = Pattern.compile("\"(/dashboard/[^\"]+)\"")
                .matcher(api.call("GET", "/", "", null).response().body())
                .results()
                .map(found -> found.group(1))
                .toList();

        assertThat(named)
                .hasSizeGreaterThan(5)
                .allSatisfy(file -> assertThat(api.call("GET", file, "", null).header("cache-control"))
                        .isEqualTo("max-age=31536000, immutable"));
        assertThat(api.call("GET", "/dashboard/of-another-instance/app.js", "", null)
                        .header("cache-control"))
                .isEqualTo("no-cache");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/dashboard/",
                "/dashboard/any/../logback.xml",
                "/dashboard/any/%2e%2e/logback.xml",
                "/dashboard/any/..%5clogback.xml",
                "/dashboard//app.js",
                "/dashboard/app.js",
                "/dashboard/any/app.js;x",
                "/dashboard/any/app.js%00",
                "/dashboard/any/vendor",
                "/index.html",
                "//",
            })
    void nothingElseIsServed(String path) {
        assertThat(api.raw("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + api.port + "\r\nAuthorization: Bearer "
                        + RunningApi.READ + "\r\n\r\n"))
                .startsWith("HTTP/1.1 404");
    }

    private static HttpResponse<byte[]> get(String path, String header, String value)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port + path))
                .header(header, value)
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        }
    }
}
