using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace AuthService.Api.Http;

/// <summary>Which page of a list: <c>page</c> from 0, <c>itemsPerPage</c> one of the sizes offered, otherwise the usual one.</summary>
internal sealed class Paging : IBoundInput, IBindableFromHttpContext<Paging>, IEndpointParameterMetadataProvider
{
    private const int UsualSize = 50;
    private const int LastPage = 1_000_000;
    private static readonly int[] Sizes = [10, 25, UsualSize, 100, 250];

    private Paging(int itemsPerPage, int page, ApiError? fault) => (ItemsPerPage, Page, Fault) = (itemsPerPage, page, fault);

    public static ApiError BadPage => ApiError.BadRequest($"page must be a whole number from 0 to {LastPage}");

    public ApiError? Fault { get; }

    public int ItemsPerPage { get; }

    public int Page { get; }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ReadsParameter("itemsPerPage", $"{string.Join(", ", Sizes)}; anything else counts as {UsualSize}") { IsNumber = true });
        builder.Metadata.Add(new ReadsParameter("page", "From 0") { IsNumber = true });
    }

    public static ValueTask<Paging?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var query = context.Request.Query;
        var size = int.TryParse(query["itemsPerPage"], CultureInfo.InvariantCulture, out var asked) && Sizes.Contains(asked) ? asked : UsualSize;
        var pageText = query["page"].ToString();
        var page = 0;
        var valid = pageText.Length == 0 || (int.TryParse(pageText, NumberStyles.None, CultureInfo.InvariantCulture, out page) && page <= LastPage);
        return ValueTask.FromResult<Paging?>(new Paging(size, page, valid ? null : BadPage));
    }
}
