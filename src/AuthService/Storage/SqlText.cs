using System.Globalization;
using System.Runtime.CompilerServices;

namespace AuthService.Storage;

/// <summary>Composes SQL of pieces. An interpolated value becomes a parameter, unless it is a piece itself.</summary>
internal static class SqlText
{
    /// <summary>Creates a piece without parameters. It must never contain input from outside.</summary>
    public static FormattableString Raw(string sql) => FormattableStringFactory.Create(sql);

    public static FormattableString Join(FormattableString sql)
    {
        var parameters = new List<object?>();
        return FormattableStringFactory.Create(Append(sql, parameters), [.. parameters]);
    }

    private static string Append(FormattableString sql, List<object?> parameters)
    {
        var places = sql.GetArguments().Select(object? (argument) =>
        {
            if (argument is FormattableString piece)
                return Append(piece, parameters);
            parameters.Add(argument);
            return string.Create(CultureInfo.InvariantCulture, $"{{{parameters.Count - 1}}}");
        });
        return string.Format(CultureInfo.InvariantCulture, sql.Format, [.. places]);
    }
}
