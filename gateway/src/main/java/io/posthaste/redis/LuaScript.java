package io.posthaste.redis;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A script that Redis runs by its digest. Redis forgets scripts at a restart, a failover or {@code SCRIPT FLUSH};
 * the script is then loaded again and the call repeated.
 */
public final class LuaScript {
    private final String name;
    private final byte[] text;
    private final byte[] digest;

    private LuaScript(String name, String text) {
        this.name = name;
        this.text = text.getBytes(StandardCharsets.UTF_8);
        this.digest = sha1(this.text).getBytes(StandardCharsets.US_ASCII);
    }

    /** A script of this text, its {@code #!lua} line first. */
    public static LuaScript of(String text) {
        return new LuaScript("script", text);
    }

    /** The script of a class path resource, with all it uses: {@link LuaModules}. */
    public static LuaScript load(String resource) {
        return new LuaScript(name(resource), LuaModules.compose(resource));
    }

    private static String name(String resource) {
        return resource.substring(resource.indexOf('/') + 1, resource.lastIndexOf('.'));
    }

    public String text() {
        return new String(text, StandardCharsets.UTF_8);
    }

    /** Runs the script with one key and these arguments; the reply as {@link TreeOutput} builds it. */
    public CompletionStage<@Nullable Object> run(RedisLink link, byte[] key, List<byte[]> arguments) {
        return call(link, key, arguments)
                .exceptionallyCompose(failure -> isMissing(failure)
                        ? link.send(CommandType.SCRIPT, "LOAD", text).thenCompose(loaded -> call(link, key, arguments))
                        : failed(failure));
    }

    private CompletionStage<@Nullable Object> call(RedisLink link, byte[] key, List<byte[]> arguments) {
        CommandArgs<byte[], byte[]> args = new CommandArgs<>(ByteArrayCodec.INSTANCE);
        args.add(digest).add(1).addKey(key);
        for (byte[] argument : arguments) {
            args.add(argument);
        }
        return link.send(name, CommandType.EVALSHA, new TreeOutput(), args);
    }

    private static CompletionStage<@Nullable Object> failed(Throwable failure) {
        return CompletableFuture.failedStage(cause(failure));
    }

    private static boolean isMissing(Throwable failure) {
        return cause(failure) instanceof RedisNoScriptException;
    }

    private static Throwable cause(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    private static String sha1(byte[] text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
