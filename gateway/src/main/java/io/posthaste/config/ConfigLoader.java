package io.posthaste.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes the configuration from defaults, a YAML file and the environment, each overriding the one before. */
public final class ConfigLoader {
    private static final String PREFIX = "POSTHASTE_";

    /** What Kubernetes puts into every container for a service whose name starts with posthaste. */
    private static final Pattern SERVICE_LINK =
            Pattern.compile(".*_SERVICE_(HOST|PORT)(_.*)?|.*_PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?");

    private ConfigLoader() {}

    /**
     * Loads the configuration or throws a {@link ConfigException} that lists every mistake.
     *
     * @param file a YAML file, or null for none
     * @param environment all variables; {@code send.max-in-flight} is {@code POSTHASTE_SEND_MAX_IN_FLIGHT}, and an
     *     empty variable is one that is not set
     */
    public static GatewayConfig load(@Nullable Path file, Map<String, String> environment) {
        List<String> problems = new ArrayList<>();
        GivenSettings given = new GivenSettings(problems);
        if (file != null) {
            given.readYaml(file);
        }
        putVariables(given, environment, problems);
        Settings settings = new Settings(given.values(), problems);
        GatewayConfig config = Sections.read(settings);
        settings.refuseUnknown();
        Sections.checkTogether(config, problems);
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return config;
    }

    /** Every key with its default as it would be written, in the order of {@link GatewayConfig}. */
    static Map<String, String> defaults() {
        Settings settings = new Settings(Map.of(), new ArrayList<>());
        Sections.read(settings);
        return settings.defaults();
    }

    static String variable(String key) {
        return PREFIX + key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }

    private static void putVariables(GivenSettings given, Map<String, String> environment, List<String> problems) {
        Map<String, String> keys = new LinkedHashMap<>();
        defaults().keySet().forEach(key -> keys.put(variable(key), key));
        new TreeMap<>(environment).forEach((name, value) -> {
            String key = keys.get(name);
            if (key != null && !value.isEmpty()) {
                given.put(key, value, "environment " + name);
            } else if (key == null && isMeantAsSetting(name, keys.keySet())) {
                problems.add(name + ": unknown environment variable"
                        + Spelling.closest(name, keys.keySet())
                                .map(meant -> "; did you mean " + meant + "?")
                                .orElse("; config/posthaste.yaml lists every key"));
            }
        });
    }

    /** Launchers use variables of their own with our prefix; only what names one of our sections is a mistake. */
    private static boolean isMeantAsSetting(String name, Collection<String> variables) {
        if (!name.startsWith(PREFIX) || SERVICE_LINK.matcher(name).matches()) {
            return false;
        }
        int end = name.indexOf('_', PREFIX.length());
        String section = end < 0 ? name : name.substring(0, end + 1);
        return variables.stream().anyMatch(variable -> variable.startsWith(section))
                || Spelling.closest(name, variables).isPresent();
    }
}
