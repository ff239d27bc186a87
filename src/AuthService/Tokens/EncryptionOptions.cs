using AuthService.Configuration;
using Microsoft.Extensions.Options;

namespace AuthService.Tokens;

/// <summary>Section <c>Encryption</c>: the keys for stored values that must be readable again. The first key encrypts, all of them decrypt.</summary>
internal sealed class EncryptionOptions : IWarnsOfWeakness
{
    public const string Section = "Encryption";

    public IList<EncryptionKeyOptions> Keys { get; } = [];

    public IEnumerable<string> FindWeaknesses() => Keys.Count > 0
        ? []
        : [$"{Section}:{nameof(Keys)} is empty: stored SSO tokens, authenticator apps, idempotency keys, webhooks and what needs a mail are answered with 503"];
}

internal sealed class EncryptionKeyOptions
{
    public string KeyId { get; set; } = "";

    /// <summary>32 bytes as base64 (AES-256).</summary>
    [Secret]
    public string Key { get; set; } = "";
}

internal sealed class EncryptionOptionsValidator : IValidateOptions<EncryptionOptions>
{
    public ValidateOptionsResult Validate(string? name, EncryptionOptions options)
    {
        var faults = new ValidateOptionsResultBuilder();
        for (var i = 0; i < options.Keys.Count; i++)
        {
            if (options.Keys[i].KeyId is { Length: 0 or > 128 })
                faults.AddError($"{EncryptionOptions.Section}:Keys:{i}:KeyId must have 1 to 128 characters");
            var bytes = new byte[options.Keys[i].Key.Length];
            if (!Convert.TryFromBase64String(options.Keys[i].Key, bytes, out var length) || length != 32)
                faults.AddError($"{EncryptionOptions.Section}:Keys:{i}:Key must be 32 bytes as base64");
        }

        foreach (var repeated in options.Keys.GroupBy(key => key.KeyId, StringComparer.Ordinal).Where(group => group.Count() > 1))
            faults.AddError($"{EncryptionOptions.Section}:Keys: the KeyId \"{repeated.Key}\" is given {repeated.Count()} times");
        return faults.Build();
    }
}

/// <summary>
/// Refuses changes that give a key id another key, or a key another id. An encrypted value contains the id of its key and could never be read again if that id
/// stood beside another key. Such pairs also appear for a moment when keys in several files are swapped one file at a time.
/// </summary>
internal sealed class EncryptionKeyChange : IChangeRule<EncryptionOptions>
{
    public IEnumerable<string> FindFaults(EncryptionOptions inForce, EncryptionOptions changed)
    {
        foreach (var (i, key) in changed.Keys.Index())
        {
            var place = $"{EncryptionOptions.Section}:{nameof(EncryptionOptions.Keys)}:{i}";
            var bytes = Convert.FromBase64String(key.Key);
            if (inForce.Keys.FirstOrDefault(known => known.KeyId == key.KeyId) is { } sameName)
            {
                if (!bytes.AsSpan().SequenceEqual(Convert.FromBase64String(sameName.Key)))
                    yield return $"{place}: the KeyId \"{key.KeyId}\" is in use with another Key; give the new key another name";
            }
            else if (inForce.Keys.FirstOrDefault(known => bytes.AsSpan().SequenceEqual(Convert.FromBase64String(known.Key))) is { } sameBytes)
                yield return $"{place}: the Key of \"{key.KeyId}\" is that of \"{sameBytes.KeyId}\"; a key keeps its name";
        }
    }
}
