using System.Text;

namespace AuthService.Storage;

/// <summary>Column names that need no quotes in PostgreSQL, so that the same SQL text serves both stores.</summary>
internal static class SnakeCase
{
    public static string Of(string pascalCase)
    {
        var text = new StringBuilder(pascalCase.Length + 4);
        foreach (var c in pascalCase)
        {
            if (char.IsUpper(c) && text.Length > 0)
                text.Append('_');
            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}
