package io.posthaste.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Every Lua file of the gateway. */
public final class LuaFiles {
    private static final Path ROOT = Path.of("src/main/resources");

    private LuaFiles() {}

    /** @param name as scripts use it, {@code queue/lib/lanes.lua} */
    public record LuaFile(String name, List<String> lines) {
        /** Whether Redis runs it, with what it uses in front. */
        public boolean isScript() {
            return lines.getFirst().startsWith("#!lua");
        }
    }

    public static List<LuaFile> all() {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().endsWith(".lua"))
                    .sorted()
                    .map(LuaFiles::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static LuaFile read(Path file) {
        try {
            return new LuaFile(ROOT.relativize(file).toString(), Files.readAllLines(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
