using System.Text.Json;

namespace AuthService.Benchmarks.Service;

/// <summary>The people to import. No person occurs twice in a run.</summary>
internal sealed class ImportedPeople
{
    public const string PasswordHash = "$2b$12$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
    public const string FirstNames = "Ada Augusta";

    private int _made;

    public static string LastName(string id) => $"Lovelace {id}";

    public static string Email(string id) => $"{id}@example.com";

    /// <summary>Returns new ids.</summary>
    public string[] New(int count)
    {
        var first = _made;
        _made += count;
        return [.. Enumerable.Range(first, count).Select(i => $"imported-{i:000000000}")];
    }

    /// <summary>Writes new people as JSON lines.</summary>
    public void Write(string path, int count)
    {
        using var file = File.Create(path);
        foreach (var id in New(count))
        {
            JsonSerializer.Serialize(file, new { id, passwordHash = PasswordHash, firstNames = FirstNames, lastName = LastName(id), email = Email(id) });
            file.WriteByte((byte)'\n');
        }
    }
}
