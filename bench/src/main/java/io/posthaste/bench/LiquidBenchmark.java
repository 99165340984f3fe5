package io.posthaste.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.posthaste.liquid.Compiled;
import io.posthaste.liquid.Dialect;
import io.posthaste.liquid.Liquid;
import io.posthaste.liquid.parse.Limits;
import io.posthaste.liquid.template.RenderResult;
import io.posthaste.liquid.template.Scope;
import io.posthaste.liquid.value.JsonReader;
import io.posthaste.liquid.value.Utf8Buffer;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import liqp.Template;
import liqp.TemplateParser;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does a compiled template cost beside code written by hand for the same body, and beside Liqp? Data are parsed
 * beforehand in all three; {@code jobToBytes} is the whole way from a job's JSON.
 *
 * <p>{@code scripts/bench-liquid} makes a table of it.
 */
@State(org.openjdk.jmh.annotations.Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class LiquidBenchmark {
    @Param({"zendesk", "close", "lob", "loop20"})
    public String body = "";

    private final Liquid liquid = new Liquid(
            Dialect.PLAIN, Limits.DEFAULT, InstantSource.fixed(Instant.EPOCH), System::nanoTime, new Random(1));
    private final Utf8Buffer out = new Utf8Buffer(4096, 1 << 20);
    private final byte[] json = LiquidCases.DATA.getBytes(UTF_8);
    private Compiled compiled = liquid.compile("");
    private Object[] slots = {};
    private Map<String, Object> map = Map.of();
    private Template liqp = new TemplateParser.Builder().build().parse("");

    /** Also makes sure that all three print the same. */
    @Setup
    @SuppressWarnings("unchecked")
    public void prepare() throws IOException {
        String source = LiquidCases.BODIES.getOrDefault(body, "");
        compiled = liquid.compile(source);
        slots = JsonReader.read(json, compiled.projection());
        map = new ObjectMapper().readValue(json, Map.class);
        liqp = new TemplateParser.Builder().build().parse(source);
        String expected = new String(handWritten(), UTF_8);
        if (!expected.equals(new String(compiled(), UTF_8)) || !expected.equals(liqp())) {
            throw new IllegalStateException(
                    "not the same:\n" + expected + "\n" + new String(compiled(), UTF_8) + "\n" + liqp());
        }
    }

    /** What a body renders to. */
    static byte[] rendered(String body) throws IOException {
        LiquidBenchmark benchmark = new LiquidBenchmark();
        benchmark.body = body;
        benchmark.prepare();
        return benchmark.compiled();
    }

    @Benchmark
    public byte[] compiled() {
        return render(slots);
    }

    @Benchmark
    public byte[] jobToBytes() {
        return render(JsonReader.read(json, compiled.projection()));
    }

    private byte[] render(Object[] data) {
        out.reset(1 << 20, "bytes in body");
        RenderResult result = compiled.templates().get(0).render(Scope.of(data, true), out);
        if (!(result instanceof RenderResult.Rendered)) {
            throw new IllegalStateException(result.toString());
        }
        return out.toByteArray();
    }

    @Benchmark
    public byte[] handWritten() {
        return switch (body) {
            case "zendesk" -> HandWritten.zendesk(map);
            case "close" -> HandWritten.close(map);
            case "lob" -> HandWritten.lob(map);
            default -> HandWritten.loop(map);
        };
    }

    @Benchmark
    public String liqp() {
        return liqp.render(map);
    }
}
