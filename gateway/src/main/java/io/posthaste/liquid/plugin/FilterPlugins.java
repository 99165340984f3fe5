package io.posthaste.liquid.plugin;

import io.posthaste.liquid.filter.Filter;
import io.posthaste.liquid.filter.Filters;
import java.lang.reflect.Modifier;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Makes filters of the classes that the configuration names. Every problem is found in one pass. */
public final class FilterPlugins {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*");

    private final ClassLoader classes;
    private final Map<String, Filter> filters = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    /**
     * What could be loaded.
     *
     * @param filters by the name that templates use
     * @param problems what is wrong with the others, one sentence each
     */
    public record Loaded(Map<String, Filter> filters, List<String> problems) {}

    private FilterPlugins(List<Path> jars) {
        List<URL> places = new ArrayList<>();
        jars.forEach(jar -> place(jar, places));
        // Never closed: what it loads is in use as long as the process runs.
        this.classes = new URLClassLoader(places.toArray(URL[]::new), FilterPlugins.class.getClassLoader());
    }

    /**
     * Loads filters.
     *
     * @param classNames subclasses of {@code liqp.filters.Filter} with a public constructor without parameters. One
     *     instance serves all threads
     * @param jars where to look for them, beside the class path
     */
    public static Loaded load(List<String> classNames, List<Path> jars) {
        FilterPlugins plugins = new FilterPlugins(jars);
        classNames.forEach(plugins::add);
        return new Loaded(Map.copyOf(plugins.filters), List.copyOf(plugins.problems));
    }

    private void place(Path jar, List<URL> places) {
        if (!Files.isReadable(jar)) {
            problems.add("there is no readable jar " + jar);
            return;
        }
        try {
            places.add(jar.toUri().toURL());
        } catch (MalformedURLException e) {
            problems.add(jar + " cannot be read as a jar");
        }
    }

    private void add(String className) {
        try {
            Class<?> type = Class.forName(className, true, classes);
            if (!liqp.filters.Filter.class.isAssignableFrom(type) || Modifier.isAbstract(type.getModifiers())) {
                problems.add(className + " is no filter; it must be a concrete subclass of liqp.filters.Filter");
                return;
            }
            add(className, (liqp.filters.Filter) type.getConstructor().newInstance());
        } catch (ClassNotFoundException e) {
            problems.add("there is no class " + className + "; name its jar in render.filter-jars");
        } catch (NoSuchMethodException | InstantiationException | IllegalAccessException e) {
            problems.add(className + " needs a public constructor without parameters, in a public class");
        } catch (ReflectiveOperationException | LinkageError e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            problems.add(className + " cannot be loaded: " + cause);
        }
    }

    private void add(String className, liqp.filters.Filter filter) {
        String name = filter.getName();
        if (name == null || !NAME.matcher(name).matches()) {
            problems.add(className + " calls its filter '" + name + "', which templates cannot write");
        } else if (Filters.isBuiltIn(name)) {
            problems.add(className + " calls its filter " + name + ", and there is a built-in filter of that name");
        } else if (filters.putIfAbsent(name, new LiqpFilter(filter)) != null) {
            problems.add(className + " calls its filter " + name + ", as another of these classes does");
        }
    }
}
