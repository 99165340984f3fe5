package io.posthaste.liquid.value;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which parts of a JSON object are wanted, and the slot each goes to. Reading by a projection costs one pass and
 * allocates what is wanted, however large the rest is. Immutable.
 */
public final class Projection {
    final Node root;
    private final Object[] initial;

    private Projection(Node root, Object[] initial) {
        this.root = root;
        this.initial = initial;
    }

    /** The slots before any data: nothing is there. */
    public Object[] slots() {
        return initial.clone();
    }

    /** The slots as data would fill them that have {@code leaf} wherever a path ends. */
    public Object[] sample(Object leaf) {
        Object[] slots = slots();
        fill(root, leaf, slots);
        return slots;
    }

    private static Object fill(Node node, Object leaf, Object[] slots) {
        Map<String, Object> members = new LinkedHashMap<>();
        for (Node child : node.children) {
            if (!child.refused) {
                members.put(child.name, fill(child, leaf, slots));
            }
        }
        Object value = members.isEmpty() ? leaf : members;
        if (node.slot >= 0) {
            slots[node.slot] = value;
        }
        return value;
    }

    public int size() {
        return initial.length;
    }

    /** A slot for that name or for a part of it; -1 if neither is wanted. */
    public int slotOf(String name) {
        for (Node child : root.children) {
            if (child.name.equals(name) && child.below.length > 0) {
                return child.below[0];
            }
        }
        return -1;
    }

    /** Gathers the paths that a set of templates reads. Not thread-safe. */
    public static final class Builder {
        private final Set<String> namespaces;
        private final Set<String> refused;
        private final Map<List<String>, Integer> paths = new LinkedHashMap<>();

        /**
         * @param namespaces names that may be absent as a whole
         * @param refused names the data must not have at its top
         */
        public Builder(Set<String> namespaces, Set<String> refused) {
            this.namespaces = namespaces;
            this.refused = refused;
        }

        /** The slot of a path; the empty path is the whole object. */
        public int slot(List<String> path) {
            Integer known = paths.get(path);
            if (known != null) {
                return known;
            }
            paths.put(List.copyOf(path), paths.size());
            return paths.size() - 1;
        }

        public Projection build() {
            Object[] initial = new Object[paths.size()];
            Draft root = new Draft();
            refused.forEach(name -> root.child(name).refused = true);
            paths.forEach((path, slot) -> {
                boolean namespace = !path.isEmpty() && namespaces.contains(path.get(0));
                initial[slot] = namespace ? Nil.ABSENT : Nil.MISSING;
                root.add(path, 0, slot);
            });
            return new Projection(root.freeze(""), initial);
        }
    }

    /** A node while paths are gathered. */
    private static final class Draft {
        private final Map<String, Draft> children = new LinkedHashMap<>();
        private final List<Integer> below = new ArrayList<>();
        private int slot = -1;
        private boolean refused;

        Draft child(String name) {
            return children.computeIfAbsent(name, any -> new Draft());
        }

        void add(List<String> path, int depth, int newSlot) {
            below.add(newSlot);
            if (depth == path.size()) {
                slot = newSlot;
            } else {
                child(path.get(depth)).add(path, depth + 1, newSlot);
            }
        }

        Node freeze(String name) {
            List<Node> nodes = new ArrayList<>();
            children.forEach((childName, child) -> nodes.add(child.freeze(childName)));
            int[] slots = below.stream().mapToInt(Integer::intValue).toArray();
            return new Node(name, slot, refused, slots, nodes);
        }
    }

    /** One level of the wanted paths. Set up once, then only read. */
    static final class Node {
        final String name;
        private final byte[] key;
        final int slot;
        final boolean refused;
        final int[] below;
        final List<Node> children;
        private final @Nullable Node[] table;

        Node(String name, int slot, boolean refused, int[] below, List<Node> children) {
            this.name = name;
            this.key = name.getBytes(UTF_8);
            this.slot = slot;
            this.refused = refused;
            this.below = below;
            this.children = children;
            this.table = new @Nullable Node[Math.max(2, Integer.highestOneBit(children.size() * 2) * 2)];
            for (Node child : children) {
                insert(child);
            }
        }

        private void insert(Node child) {
            int i = hash(child.key, 0, child.key.length) & table.length - 1;
            while (table[i] != null) {
                i = i + 1 & table.length - 1;
            }
            table[i] = child;
        }

        @Nullable
        Node child(byte[] bytes, int start, int length, int hash) {
            for (int i = hash & table.length - 1; ; i = i + 1 & table.length - 1) {
                Node child = table[i];
                if (child == null
                        || (child.key.length == length
                                && Arrays.equals(bytes, start, start + length, child.key, 0, length))) {
                    return child;
                }
            }
        }
    }

    static int hash(byte[] bytes, int start, int length) {
        int hash = length;
        for (int i = start; i < start + length; i++) {
            hash = hash * 31 + bytes[i];
        }
        return hash;
    }
}
