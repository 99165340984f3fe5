package io.posthaste.liquid.parse;

import io.posthaste.liquid.template.Expression;
import io.posthaste.liquid.template.ForLoop;
import io.posthaste.liquid.template.Path;
import io.posthaste.liquid.template.Source;
import io.posthaste.liquid.value.Projection;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What each name in a template means, decided while it is compiled: a loop's variable, an assigned one, a counter, a
 * provided name, or a path into the data. At run time all that is left of a name is the number of its slot.
 */
public final class Names {
    static final String FORLOOP = "forloop";

    private static final List<String> DECLARING = List.of("assign", "capture", "increment", "decrement");
    /** Names that mean something on any value; what is stored under them cannot be read ahead. */
    private static final Set<String> COMPUTED = Set.of("size", "first", "last");

    private final Projection.Builder projection;
    private final Set<String> provided;
    private final Set<String> declared = new HashSet<>();
    private final Map<String, Integer> slots = new HashMap<>();
    private final Deque<Map<String, Integer>> loops = new ArrayDeque<>();
    private int count;

    public Names(Source source, Projection.Builder projection, Set<String> provided) {
        this.projection = projection;
        this.provided = provided;
        DECLARING.forEach(word -> declare(source.text(), word));
    }

    /** Finds what is assigned anywhere, also in places that turn out to be plain text: those cost a look, nothing else. */
    private void declare(String text, String word) {
        for (int at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
            int start = at + word.length();
            while (start < text.length()
                    && (Character.isWhitespace(text.charAt(start)) || isQuote(text.charAt(start)))) {
                start++;
            }
            int end = start;
            while (end < text.length() && Lexer.isNamePart(text.charAt(end))) {
                end++;
            }
            declared.add(text.substring(start, end));
        }
    }

    private static boolean isQuote(char c) {
        return c == '"' || c == '\'';
    }

    /** A slot of its own for some state, the same for the same key. */
    int slot(String key) {
        return slots.computeIfAbsent(key, any -> count++);
    }

    int assigned(String name) {
        return slot("assign " + name);
    }

    int counter(String name) {
        return slot("count " + name);
    }

    public int slotCount() {
        return count;
    }

    /** Opens a loop or an expression over items: the name means the item until it is closed. */
    int open(String name) {
        Map<String, Integer> variables = new HashMap<>();
        int slot = count++;
        variables.put(name, slot);
        loops.push(variables);
        return slot;
    }

    /** Adds a name to what was opened last, unless the item has that name. */
    int add(String name) {
        int slot = count++;
        loops.element().putIfAbsent(name, slot);
        return slot;
    }

    void close() {
        loops.pop();
    }

    /** The slot of an open loop's variable, or null. */
    @Nullable
    Integer loopVariable(String name) {
        for (Map<String, Integer> variables : loops) {
            Integer slot = variables.get(name);
            if (slot != null) {
                return slot;
            }
        }
        return null;
    }

    /** The value of a name and what follows it. */
    Expression resolve(String name, List<Path.Step> steps) {
        Integer loop = loopVariable(name);
        if (loop != null) {
            Function<ForLoop, Object> field = name.equals(FORLOOP) && !steps.isEmpty() ? field(steps.get(0)) : null;
            return field == null
                    ? Path.follow(new Path.Local(loop), steps)
                    : Path.follow(new ForLoop.Read(loop, field), steps.subList(1, steps.size()));
        }
        if (provided.contains(name)) {
            return new Path.Provided(Path.follow(new Path.ProvidedRoot(name), steps));
        }
        Expression data = data(name, steps);
        if (!declared.contains(name)) {
            return data;
        }
        int local = assigned(name);
        int counter = counter(name);
        return new Path.Declared(
                local,
                Path.follow(new Path.Local(local), steps),
                counter,
                Path.follow(new Path.Local(counter), steps),
                data);
    }

    private static @Nullable Function<ForLoop, Object> field(Path.Step step) {
        return step.name() == null ? null : ForLoop.field(step.name());
    }

    /** The value of a name that is worked out at run time: {@code [name]}. */
    Expression resolve(Expression name, List<Path.Step> steps) {
        Map<String, Integer> variables = new HashMap<>();
        for (String known : declared) {
            variables.put(known, assigned(known));
        }
        loops.descendingIterator().forEachRemaining(variables::putAll);
        return Path.follow(new Path.Computed(name, Map.copyOf(variables), projection.slot(List.of())), steps);
    }

    /** A path into the data: as much of it as is fixed becomes a slot, the rest is followed at run time. */
    Expression data(String name, List<Path.Step> steps) {
        List<String> path = new ArrayList<>();
        path.add(name);
        int fixed = 0;
        while (fixed < steps.size()
                && steps.get(fixed).name() != null
                && !COMPUTED.contains(steps.get(fixed).name())) {
            path.add(String.valueOf(steps.get(fixed).name()));
            fixed++;
        }
        return Path.follow(new Path.Data(projection.slot(path)), steps.subList(fixed, steps.size()));
    }
}
