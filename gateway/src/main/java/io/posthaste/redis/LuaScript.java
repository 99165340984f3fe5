package io.posthaste.redis;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A script that Redis runs by its digest. Redis forgets scripts at a restart, a failover or {@code SCRIPT FLUSH};
 * the call is then repeated with the script's text.
 *
 * <p>Each call names a second key, which is never there. While a cluster moves the slot of both to another server, it
 * refuses such a call with {@code TRYAGAIN} before the script has begun. With one key it would run the script on the
 * server that does not have everything yet, or end it in the middle.
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

    /** Runs the script with this as its first key; the reply as {@link TreeOutput} builds it. */
    public CompletionStage<@Nullable Object> run(RedisLink link, byte[] key, List<byte[]> arguments) {
        return link.send(name, CommandType.EVALSHA, args(digest, key, arguments))
                .exceptionallyCompose(failure -> isMissing(failure)
                        ? link.send(name, CommandType.EVAL, args(text, key, arguments))
                        : failed(failure));
    }

    /**
     * The same for a script about one key alone, which is all there or not at all while its slot moves. It may be a key
     * without a hash tag.
     */
    public CompletionStage<@Nullable Object> runOn(RedisLink link, String key, List<byte[]> arguments) {
        CommandArgs<byte[], byte[]> args = new CommandArgs<>(ByteArrayCodec.INSTANCE);
        args.add(text).add(1).addKey(key.getBytes(StandardCharsets.UTF_8));
        return link.send(name, CommandType.EVAL, with(args, arguments));
    }

    private static CommandArgs<byte[], byte[]> args(byte[] script, byte[] key, List<byte[]> arguments) {
        CommandArgs<byte[], byte[]> args = new CommandArgs<>(ByteArrayCodec.INSTANCE);
        return with(args.add(script).add(2).addKey(key).addKey(neverThere(key)), arguments);
    }

    private static CommandArgs<byte[], byte[]> with(CommandArgs<byte[], byte[]> args, List<byte[]> arguments) {
        for (byte[] argument : arguments) {
            args.add(argument);
        }
        return args;
    }

    /** In the slot of the key: its hash tag is the same. */
    private static byte[] neverThere(byte[] key) {
        byte[] name = Arrays.copyOf(key, key.length + 1);
        name[key.length] = '~';
        return name;
    }

    private static CompletionStage<@Nullable Object> failed(Throwable failure) {
        return CompletableFuture.failedStage(RedisLink.cause(failure));
    }

    private static boolean isMissing(Throwable failure) {
        return RedisLink.cause(failure) instanceof RedisNoScriptException;
    }

    private static String sha1(byte[] text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
