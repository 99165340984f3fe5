package io.posthaste.liquid.template;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

/** Pieces that render one after the other. */
public final class Block implements Node {
    private final Node[] nodes;

    public Block(List<Node> nodes) {
        this.nodes = nodes.toArray(Node[]::new);
    }

    @Override
    public void render(Context context) {
        for (Node node : nodes) {
            node.render(context);
            if (context.jump != Context.Jump.NONE) {
                return;
            }
        }
    }

    @Override
    public boolean isBlank() {
        for (Node node : nodes) {
            if (!node.isBlank()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void clear() {
        for (Node node : nodes) {
            node.clear();
        }
    }

    Node[] nodes() {
        return nodes.clone();
    }

    /** Literal text, encoded once. */
    public static final class Text implements Node {
        private final boolean blank;
        private byte[] bytes;

        public Text(String text) {
            this(text, text.isBlank());
        }

        private Text(String text, boolean blank) {
            this.blank = blank;
            this.bytes = text.getBytes(UTF_8);
        }

        /** Text that is wanted as it stands, also if it is white space. */
        public static Text raw(String text) {
            return new Text(text, text.isEmpty());
        }

        @Override
        public void render(Context context) {
            context.out.append(bytes);
        }

        @Override
        public boolean isBlank() {
            return blank;
        }

        @Override
        public void clear() {
            bytes = new byte[0];
        }
    }
}
