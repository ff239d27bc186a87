using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace AuthService.Applications;

/// <summary>A position between two applications of the list, with a direction. It stays valid when they are deleted.</summary>
/// <param name="Number">The number of the application at which the page ends or begins.</param>
/// <param name="Backwards">Whether the direction is towards the beginning of the list.</param>
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

/// <summary>A page of applications.</summary>
/// <param name="Items">The applications in the requested order, no matter in which direction the page was reached.</param>
/// <param name="IsLast">Whether there are no more applications in the direction of reading.</param>
/// <param name="Next">The position at which the next page begins.</param>
/// <param name="Previous">The position at which the previous page begins, backwards; null without items.</param>
internal sealed record ApplicationPage(IReadOnlyList<Application> Items, bool IsLast, ListPosition? Next, ListPosition? Previous);
