package io.posthaste.job;

import java.util.regex.Pattern;

/** What names a job, an action, a lane, a person, a caller: 1 to 64 of {@code A-Z a-z 0-9 . _ -}. Lua's is in check.lua. */
public final class Ids {
    public static final int MOST_CHARACTERS = 64;

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1," + MOST_CHARACTERS + "}");

    private Ids() {}

    public static boolean isId(CharSequence text) {
        return ID.matcher(text).matches();
    }
}
