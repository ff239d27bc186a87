using System.Security.Cryptography;

namespace AuthService.ApiTests.Hosting;

/// <summary>A key of <c>Encryption:Keys</c>.</summary>
public sealed record EncryptionKey(string Id)
{
    public string Key { get; init; } = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>Creates the settings of an instance with these keys. The first key encrypts.</summary>
    public static Settings SettingsOf(params EncryptionKey[] keys)
    {
        var settings = new Settings();
        foreach (var (i, key) in keys.Index())
            (settings[$"Encryption:Keys:{i}:KeyId"], settings[$"Encryption:Keys:{i}:Key"]) = (key.Id, key.Key);
        return settings;
    }
}
