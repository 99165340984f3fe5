package io.posthaste.api.check;

import io.posthaste.action.Action;
import io.posthaste.json.Problem;
import io.posthaste.redact.LiquidPiece;
import io.posthaste.store.vault.Vault;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The secrets and snippets that templates name (M46, M89), as far as they are written out. */
public final class VaultReferences {
    private static final Pattern REFERENCE = Pattern.compile(
            "(?<![\\w.-])(secrets|snippets)\\s*(?:\\.\\s*([A-Za-z_][\\w-]*)|\\[\\s*[\"']([^\"']*)[\"']\\s*])");
    private static final Pattern SECRETS = Pattern.compile("(?<![\\w.-])secrets\\s*[.\\[]");

    private final Vault vault;

    public VaultReferences(Vault vault) {
        this.vault = vault;
    }

    /** A warning for each name that does not exist yet: deliveries fail until it does. */
    public List<Problem> unknown(Action action) {
        List<Problem> warnings = new ArrayList<>(unknown("url", action.url()));
        for (int i = 0; i < action.headers().size(); i++) {
            warnings.addAll(
                    unknown("headers[" + i + "].value", action.headers().get(i).value()));
        }
        warnings.addAll(unknown("body", action.body()));
        String connection = action.connection();
        if (connection != null && vault.connection(connection) == null) {
            warnings.add(Problem.of(
                    "connection",
                    "there is no connection " + connection + ": deliveries fail until there is",
                    "PUT /v1/connections/" + connection));
        }
        for (int i = 0; i < action.responseAttributes().size(); i++) {
            String template = action.responseAttributes().get(i).template();
            warnings.addAll(unknown("response_attributes[" + i + "].template", template));
        }
        return warnings;
    }

    /** The same for one template. */
    public List<Problem> unknown(String field, String source) {
        List<Problem> warnings = new ArrayList<>();
        for (LiquidPiece piece : LiquidPiece.of(source)) {
            Matcher reference = REFERENCE.matcher(source).region(piece.start(), piece.end());
            reference.useTransparentBounds(true);
            while (piece.kind() != LiquidPiece.Kind.TEXT && reference.find()) {
                String kind = reference.group(1);
                String name = reference.group(2) != null ? reference.group(2) : reference.group(3);
                if (!exists(kind, name)) {
                    String one = kind.substring(0, kind.length() - 1);
                    warnings.add(Problem.in(
                            field,
                            source,
                            reference.start(),
                            "there is no " + one + " " + name + ": deliveries fail until there is",
                            "PUT /v1/" + kind + "/" + name));
                }
            }
        }
        return warnings;
    }

    /** A secret that is set on a person would be readable from then on: problems of templates that name one. */
    static List<Problem> leaks(String field, String source) {
        List<Problem> problems = new ArrayList<>();
        for (LiquidPiece piece : LiquidPiece.of(source)) {
            Matcher secret = SECRETS.matcher(source).region(piece.start(), piece.end());
            secret.useTransparentBounds(true);
            while (piece.kind() != LiquidPiece.Kind.TEXT && secret.find()) {
                problems.add(Problem.in(
                        field,
                        source,
                        secret.start(),
                        "secrets are not for attributes: everybody who may look at the person would see it",
                        "use secrets in url, headers and body"));
            }
        }
        return problems;
    }

    private boolean exists(String kind, String name) {
        return kind.equals("secrets") ? vault.secret(name) != null : vault.snippet(name) != null;
    }
}
