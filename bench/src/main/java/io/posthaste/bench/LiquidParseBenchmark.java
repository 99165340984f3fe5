package io.posthaste.bench;

import io.posthaste.liquid.Compiled;
import io.posthaste.liquid.Dialect;
import io.posthaste.liquid.Liquid;
import io.posthaste.liquid.parse.Limits;
import java.time.Instant;
import java.time.InstantSource;
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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What does a template cost that was never seen before: parsed, checked and compiled, 2 KiB of it? */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class LiquidParseBenchmark {
    private final Liquid liquid = new Liquid(
            Dialect.PLAIN, Limits.DEFAULT, InstantSource.fixed(Instant.EPOCH), System::nanoTime, new Random(1));
    private final TemplateParser liqp = new TemplateParser.Builder().build();

    @Benchmark
    public Compiled parse() {
        return liquid.compile(LiquidCases.LARGE);
    }

    /** Only parsed: what it will render with is made anew at each render. */
    @Benchmark
    public Template liqp() {
        return liqp.parse(LiquidCases.LARGE);
    }
}
