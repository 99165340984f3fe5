package io.posthaste.liquid.parse;

import io.posthaste.liquid.template.TemplateProblem;
import java.util.List;

/** A template that its author must fix; names every problem. */
public final class TemplateException extends RuntimeException {
    private final int source;
    private final List<TemplateProblem> problems;

    public TemplateException(int source, List<TemplateProblem> problems) {
        super(problems.get(0).toString(), null, false, false);
        this.source = source;
        this.problems = List.copyOf(problems);
    }

    /** Which of the sources that were compiled together it is, from 0. */
    public int source() {
        return source;
    }

    /** In the order of the text; never empty. */
    public List<TemplateProblem> problems() {
        return problems;
    }
}
