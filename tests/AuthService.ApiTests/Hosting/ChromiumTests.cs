using Xunit;

namespace AuthService.ApiTests.Hosting;

public sealed class ChromiumTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task A_page_runs_its_script()
    {
        var page = await chromium.NewPageAsync();

        await page.SetContentAsync("<title>still</title><script>document.title = 'scripted'</script>");

        Assert.Equal("scripted", await page.TitleAsync());
    }
}
