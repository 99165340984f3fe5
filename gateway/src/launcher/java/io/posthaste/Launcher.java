package io.posthaste;

/**
 * What {@code java -jar} runs first. Compiled for Java 8, so that an old runtime gets one sentence instead of a stack
 * trace about class file versions.
 */
public final class Launcher {
    private static final int OLDEST = 21;

    private Launcher() {}

    /** Goes on to {@code Main} on a runtime that can load it. */
    public static void main(String[] arguments) throws Exception {
        String version = System.getProperty("java.specification.version");
        if (version.startsWith("1.") || Integer.parseInt(version) < OLDEST) {
            System.err.println("posthaste: needs Java " + OLDEST + " or newer, and this is Java " + version + " ("
                    + System.getProperty("java.home") + "); run it with a newer java, or through scripts/start,"
                    + " which finds one");
            System.exit(2);
        }
        Class.forName("io.posthaste.cli.Main")
                .getMethod("main", String[].class)
                .invoke(null, (Object) arguments);
    }
}
