using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace AuthService.Applications;

/// <summary>A place between two applications of the list, and which way to go from there. It holds even when they are deleted.</summary>
/// <param name="Number">Of the application that the page stops or begins at.</param>
/// <param name="Backwards">Towards the beginning of the list.</param>
internal sealed record ListPosition(long Number, bool Backwards)
{
    private const string Prefix = "iter_";

    public static bool TryParse(string text, [NotNullWhen(true)] out ListPosition? position)
    {
        var backwards = text.StartsWith('-');
        var rest = backwards ? text.AsSpan(1) : text;
        position = rest.StartsWith(Prefix, StringComparison.Ordinal)
            && long.TryParse(rest[Prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? new ListPosition(number, backwards)
                : null;
        return position is not null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(Backwards ? "-" : "")}{Prefix}{Number}");
}

/// <summary>One page of the applications.</summary>
/// <param name="Items">In the order that was asked for, whichever way the page was reached.</param>
/// <param name="IsLast">There is nothing behind it in the direction of travel.</param>
/// <param name="Next">Where the following page begins.</param>
/// <param name="Previous">Where the page before begins, backwards; null without items.</param>
internal sealed record ApplicationPage(IReadOnlyList<Application> Items, bool IsLast, ListPosition? Next, ListPosition? Previous);
