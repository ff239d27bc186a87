using System.Globalization;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.OpenApi;

namespace AuthService.Api.Http.Input;

/// <summary>The page of a list that a caller requests.</summary>
internal sealed record Paging(int ItemsPerPage, int Page);

/// <summary>Reads <c>page</c>, starting at 0, and <c>itemsPerPage</c>. A size that is not offered counts as the usual one.</summary>
internal sealed class PagingReader : IInputReader<Paging>
{
    private const int UsualSize = 50;
    private const int LastPage = 1_000_000;
    private static readonly int[] Sizes = [10, 25, UsualSize, 100, 250];

    public static ApiError BadPage => ApiError.BadRequest($"page must be a whole number from 0 to {LastPage}");

    public static void Document(EndpointBuilder endpoint)
    {
        endpoint.Metadata.Add(new ReadsParameter("itemsPerPage", $"{string.Join(", ", Sizes)}; anything else counts as {UsualSize}") { IsNumber = true });
        endpoint.Metadata.Add(new ReadsParameter("page", "From 0") { IsNumber = true });
    }

    public static ValueTask<ReadResult<Paging>> ReadAsync(HttpContext context) => ValueTask.FromResult(Read(context.Request.Query));

    private static ReadResult<Paging> Read(IQueryCollection query)
    {
        var size = int.TryParse(query["itemsPerPage"], CultureInfo.InvariantCulture, out var asked) && Sizes.Contains(asked) ? asked : UsualSize;
        var pageText = query["page"].ToString();
        if (pageText.Length == 0)
            return new Paging(size, Page: 0);
        return int.TryParse(pageText, NumberStyles.None, CultureInfo.InvariantCulture, out var page) && page <= LastPage ? new Paging(size, page) : BadPage;
    }
}
