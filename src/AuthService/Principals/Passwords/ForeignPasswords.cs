namespace AuthService.Principals.Passwords;

/// <summary>Verifies passwords against all supported kinds of imported hashes, until a sign-in replaces the hash.</summary>
internal static class ForeignPasswords
{
    private static readonly Kind[] Kinds =
    [
        new(BcryptPasswords.Recognizes, BcryptPasswords.Verify),
        new(Pbkdf2Passwords.Recognizes, Pbkdf2Passwords.Verify),
        new(Argon2Passwords.Recognizes, Argon2Passwords.Verify),
        new(ScryptPasswords.Recognizes, ScryptPasswords.Verify),
        new(IdentityPasswords.Recognizes, IdentityPasswords.Verify),
    ];

    public static bool Recognizes(string hash) => Kinds.Any(kind => kind.Recognizes(hash));

    /// <summary>Verifies a password. A hash that is not recognized matches nothing and takes no time.</summary>
    public static bool Verify(Password password, string hash) => Kinds.FirstOrDefault(kind => kind.Recognizes(hash))?.Verify(password, hash) ?? false;

    /// <summary>Returns the kind of a recognized hash: the part before salt and hash. Hashes of the same kind take the same time.</summary>
    public static string KindOf(string hash)
    {
        if (BcryptPasswords.Recognizes(hash))
            return BcryptPasswords.KindOf(hash);
        if (hash.Split('$') is { Length: > 2 } parts)
            return string.Join('$', parts[..^2]);
        return ScryptPasswords.Recognizes(hash) ? nameof(ScryptPasswords) : IdentityPasswords.KindOf(hash);
    }

    /// <returns>The reason why a hash is not accepted, with the limits of its kind; null when it is.</returns>
    public static string? FindFault(string hash)
    {
        if (Recognizes(hash))
            return null;
        if (hash.StartsWith("$2", StringComparison.Ordinal))
            return "must, as bcrypt, have the form $2b$COST$ with a cost from 04 to 17, and 53 characters of ./A-Za-z0-9 after it";
        if (Argon2Passwords.IsMeant(hash))
            return $"must, as Argon2, be {Argon2Passwords.Limits}";
        return ScryptPasswords.IsMeant(hash)
            ? $"must, as scrypt, be {ScryptPasswords.Limits}"
            : "must be bcrypt ($2a$, $2b$, $2y$), argon2id ($argon2id$…), scrypt of Firebase ($fbscrypt$…) or better-auth (salt:key), "
                + "ASP.NET Core Identity v3, or PBKDF2 of passlib ($pbkdf2-sha256$…) or Django (pbkdf2_sha256$…), the last three "
                + $"with at most {PasswordHashing.MostIterations} iterations";
    }

    private sealed record Kind(Func<string, bool> Recognizes, Func<Password, string, bool> Verify);
}
