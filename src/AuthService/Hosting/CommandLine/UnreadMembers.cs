using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AuthService.Configuration;

namespace AuthService.Hosting.CommandLine;

/// <summary>
/// Finds members of a line that an import does not read. Imported people are not changed by a later import. So a member that plainly means another
/// one (<c>password_hash</c>) is refused if that one is missing.
/// </summary>
internal static class UnreadMembers
{
    private static readonly Dictionary<string, JsonPropertyInfo> Read = ImportJson.Default.ImportLine.Properties
        .Where(member => !member.IsExtensionData).ToDictionary(member => member.Name, StringComparer.OrdinalIgnoreCase);

    private static readonly Dictionary<string, string> OtherWords = new(StringComparer.OrdinalIgnoreCase)
    {
        ["password"] = "passwordHash",
        ["hash"] = "passwordHash",
        ["hashedPassword"] = "passwordHash",
        ["encryptedPassword"] = "passwordHash",
        ["firstName"] = "firstNames",
        ["mail"] = "email",
        ["emailAddress"] = "email",
    };

    /// <returns>The fault with the member to write instead. Null when no other member is meant.</returns>
    public static string? FindFault(ImportLine line) => line.Unread?
        .Where(member => member.Value.ValueKind is not JsonValueKind.Null) // null means the same as no member
        .Select(member => (Name: member.Key, Meant: FindMeant(member.Key)))
        .Where(pair => pair.Meant is not null && pair.Meant.Get!(line) is null)
        .Select(pair => $"{SettingValue.Show(pair.Name)} is not read: write {pair.Meant!.Name}")
        .FirstOrDefault();

    private static JsonPropertyInfo? FindMeant(string name)
    {
        var bare = string.Concat(name.Where(char.IsLetterOrDigit)); // password_hash, Password-Hash
        return Read.GetValueOrDefault(OtherWords.GetValueOrDefault(bare) ?? bare);
    }
}
