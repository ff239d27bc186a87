using System.Globalization;
using System.Runtime.CompilerServices;

namespace AuthService.Storage;

/// <summary>
/// SQL in pieces. A value that is interpolated into SQL becomes a parameter. A <see cref="FormattableString"/> is a piece: its text becomes a part of the SQL,
/// and its values become parameters. <see cref="Store"/> composes what it is given.
/// </summary>
internal static class SqlText
{
    /// <summary>Creates a piece without parameters. It must never contain input from outside.</summary>
    public static FormattableString Raw(string sql) => FormattableStringFactory.Create(sql);

    /// <summary>Composes SQL of its pieces, so that all of its arguments are values.</summary>
    public static FormattableString Compose(FormattableString sql)
    {
        if (!sql.GetArguments().Any(argument => argument is FormattableString))
            return sql;
        var values = new List<object?>();
        return FormattableStringFactory.Create(Append(sql, values), [.. values]);
    }

    private static string Append(FormattableString sql, List<object?> values)
    {
        var places = sql.GetArguments().Select(object? (argument) =>
        {
            if (argument is FormattableString piece)
                return Append(piece, values);
            values.Add(argument);
            return string.Create(CultureInfo.InvariantCulture, $"{{{values.Count - 1}}}");
        });
        return string.Format(CultureInfo.InvariantCulture, sql.Format, [.. places]);
    }
}
